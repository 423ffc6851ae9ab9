/** The providers by which people sign in without a password of ours. `oidc` is whichever the operator named. */
export const SIGN_IN_PROVIDERS = ["google", "github", "microsoft", "oidc"] as const;
export type SignInProviderId = (typeof SIGN_IN_PROVIDERS)[number];

/** A provider as /sign-in offers it. */
export interface OfferedProvider {
  readonly id: SignInProviderId;
  readonly name: string;
}

/** Why a sign-in through a provider ended on /sign-in again: `?error=` there is one of these. */
export const SIGN_IN_REFUSALS = [
  "cancelled",
  "expired",
  "provider_unavailable",
  "provider_refused",
  "email_missing",
  "email_not_verified",
  "account_not_verified",
  "identity_conflict",
  "invitation_needed",
  "not_allowed",
  "too_many",
  "unavailable",
  "unexpected",
] as const;
export type SignInRefusalCode = (typeof SIGN_IN_REFUSALS)[number];
