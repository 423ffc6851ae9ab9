import { z } from "zod";
import { PERMISSION_NAMES } from "../permissions.ts";

/** One that a guarded call needs. */
export const neededPermission = z.enum(PERMISSION_NAMES, { error: "There is no such permission." });

/** A key as code beside the server hands it over. */
export const verifyApiKeyInput = z.strictObject({
  key: z.string({ error: "Hand over the key as text." }),
  /** All of them are needed. */
  permissions: z.array(neededPermission).optional(),
  /** Whom the call came from: failing keys are counted by address, and the last use is noted with it. */
  ip: z.union([z.ipv4(), z.ipv6()], { error: "This is not an address." }),
});
export type VerifyApiKeyInput = z.output<typeof verifyApiKeyInput>;
