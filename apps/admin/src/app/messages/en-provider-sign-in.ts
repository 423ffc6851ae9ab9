import type { SignInRefusalCode } from "@latchkey/types/sign-in-refusals";

const refusals = {
  cancelled: "You did not finish signing in there. Try again, or sign in another way.",
  expired:
    "This sign-in was started too long ago, in another browser, or under another address of this server. Start it again here.",
  provider_unavailable: "The provider does not answer right now. Try again in a moment, or sign in with your password.",
  provider_refused:
    "The provider's answer does not prove who you are, so nobody was signed in. Start again; if it stays, tell the operator.",
  email_missing:
    "The provider did not tell your e-mail address. Let it share the address, or sign in with your password.",
  email_not_verified:
    "The provider has not verified your e-mail address, so it does not show who you are here. Verify it there, or sign in with your password.",
  account_not_verified:
    "There is an account with your e-mail address, but the address was never confirmed here. Sign in with its password; a link that sets a new one confirms the address.",
  identity_conflict:
    "Your e-mail address there belongs to somebody else's account here, or that account already signs in with another identity. Sign in with your password, or ask the operator.",
  invitation_needed:
    "There is no account with your e-mail address. New people come in by invitation: open the link of yours, and continue from there.",
  not_allowed: "This account is blocked. Ask the operator.",
  too_many: "Too many attempts from here. Wait a minute and try again.",
  unavailable: "The server cannot reach its database right now, so nobody can sign in. Try again in a moment.",
  unexpected: "Something went wrong on the server. Try again; if it stays, tell the operator.",
} as const satisfies Record<SignInRefusalCode, string>;

export const providerSignInMessages = {
  providerSignIn: {
    or: "or",
    continue: "Continue with {provider}",
    unreachable: "The server did not answer. Check your connection and try again.",
    ...refusals,
  },
} as const;
