import { z } from "zod";
import { nameOf } from "./name.ts";

/** By which a person signs in, in lower case: people are found by it whatever the case they type. */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, { error: "An e-mail address has at most 254 characters." })
  .pipe(z.email({ error: "This is not an e-mail address, such as you@example.com." }));

/** A person as the operator makes them: without a password, which they set themselves. */
export const newPersonInput = z.strictObject({
  email: emailAddress,
  name: nameOf("person"),
  /** Of a team that they are to own. */
  team: nameOf("team").nullish(),
  isSuperAdmin: z.boolean(),
});
export type NewPersonInput = z.output<typeof newPersonInput>;
