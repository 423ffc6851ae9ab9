import { z } from "zod";
import { SIGN_IN_PROVIDERS } from "../sign-in-refusals.ts";

const SOME_ORIGIN = "https://latchkey.invalid";

/** `//host`, `/\host` and what else resolves elsewhere would make the sign-in a redirector for phishing. */
function isOwnPath(path: string): boolean {
  if (!path.startsWith("/") || !URL.canParse(path, SOME_ORIGIN)) return false;
  const url = new URL(path, SOME_ORIGIN);
  return url.origin === SOME_ORIGIN && !url.pathname.startsWith("//");
}

/** The start of a sign-in through a provider. `next`: the page to show afterwards, always one of ours. */
export const providerSignInInput = z.strictObject({
  provider: z.enum(SIGN_IN_PROVIDERS),
  next: z
    .string()
    .max(1_000, { error: "The page to show afterwards has at most 1,000 characters." })
    .refine(isOwnPath, { error: "The page to show afterwards is a path of this server." })
    .default("/"),
});
