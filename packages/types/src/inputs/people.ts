import { z } from "zod";
import { nameOf } from "./name.ts";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "./password.ts";

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

/** A person as they sign up themselves. */
export const signUpInput = z.strictObject({
  email: emailAddress,
  name: nameOf("person"),
  password: z
    .string({ error: "Choose a password." })
    .min(MIN_PASSWORD_LENGTH, { error: `A password has at least ${MIN_PASSWORD_LENGTH} characters.` })
    .max(MAX_PASSWORD_LENGTH, { error: `A password has at most ${MAX_PASSWORD_LENGTH} characters.` }),
});
