import { verifyApiKeyInput } from "@latchkey/types/inputs/verify-api-key";
import type { BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import type { GuardedCallsService } from "../modules/api-keys/guarded-calls.service.ts";

export type VerifyKey = GuardedCallsService["verify"];

/**
 * `auth.api.verifyApiKey({ body: { key, permissions, ip } })`, for code that knows Better Auth's own keys: the same
 * question, with our answer. It has no path, so no request reaches it.
 */
export function verifyApiKeyEndpoint(verifyKey: VerifyKey) {
  return {
    id: "latchkey-api-keys",
    endpoints: {
      verifyApiKey: createAuthEndpoint({ method: "POST", body: verifyApiKeyInput }, ({ body }) => verifyKey(body)),
    },
  } satisfies BetterAuthPlugin;
}
