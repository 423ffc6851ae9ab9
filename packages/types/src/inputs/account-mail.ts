import { z } from "zod";
import { emailAddress } from "./people.ts";

/** For whom a link is wanted: to set a new password, or to confirm the address. */
export const mailedLinkInput = z.strictObject({ email: emailAddress });

/** What a link to confirm an address ends with. */
export const confirmAddressInput = z.strictObject({
  token: z
    .string({ error: "The end of the link is text." })
    .min(1, { error: "The link was cut off." })
    .max(2_000, { error: "The link is longer than any of ours." }),
});

/** What becomes of mails, as `GET /api/setup` says: sent, printed at the terminal of a developer's server, or nothing. */
export type MailWay = "sent" | "printed" | "none";
