import type { InternalAdapter } from "better-auth";
import { emailAddress } from "@latchkey/types/inputs/people";
import { SignInRefusal } from "./sign-in-refusal.ts";
import type { IsInvited } from "./sign-up.ts";

/** Who somebody is, as a provider says. */
export interface Identity {
  readonly provider: string;
  /** Of the person at that provider; never changes there, as an address does. */
  readonly subject: string;
  readonly email: string | null;
  readonly isEmailVerified: boolean;
  readonly name: string;
}

interface Dependencies {
  readonly accounts: Pick<InternalAdapter, "findAccountOwnerByKey" | "findUserByEmail">;
  readonly maySignIn: (userId: string) => Promise<boolean>;
  readonly isSignUpOpen: boolean;
  readonly isInvited: IsInvited;
}

type User = NonNullable<Awaited<ReturnType<InternalAdapter["findUserByEmail"]>>>["user"];

/**
 * Decides, before anything is written, whether an identity may sign in. A known one is its person's, by its subject. A
 * new one is linked by its address only if both sides have verified it: the provider, because anybody could type an
 * address there, and we, because somebody may have made an account here for another's address and wait in it.
 * @param invitation the end of an invitation's link with which the sign-in was started
 * @throws SignInRefusal
 */
export async function admitIdentity(
  identity: Identity,
  invitation: string | null,
  dependencies: Dependencies,
): Promise<void> {
  const { accounts } = dependencies;
  const email = emailAddress.safeParse(identity.email);
  if (!email.success) throw new SignInRefusal("email_missing");
  const key = { providerId: identity.provider, accountId: identity.subject };
  const owner = await accounts.findAccountOwnerByKey(key);
  const namesake = await accounts.findUserByEmail(email.data, { includeAccounts: true });
  if (owner !== null) {
    if (owner.kind === "orphaned") throw new SignInRefusal("identity_conflict");
    if (namesake !== null && namesake.user.id !== owner.user.id) throw new SignInRefusal("identity_conflict");
    await assertMaySignIn(owner.user, dependencies);
    return;
  }
  if (!identity.isEmailVerified) throw new SignInRefusal("email_not_verified");
  if (namesake === null) return assertMaySignUp(email.data, invitation, dependencies);
  if (!namesake.user.emailVerified) throw new SignInRefusal("account_not_verified");
  // The address was given to somebody else at the provider: the old subject is the person's, the new one a stranger.
  const hasOther = namesake.accounts.some(({ providerId }) => providerId === identity.provider);
  if (hasOther) throw new SignInRefusal("identity_conflict");
  await assertMaySignIn(namesake.user, dependencies);
}

async function assertMaySignIn(user: User, { maySignIn }: Dependencies): Promise<void> {
  if (!(await maySignIn(user.id))) throw new SignInRefusal("not_allowed");
}

async function assertMaySignUp(
  email: string,
  invitation: string | null,
  { isSignUpOpen, isInvited }: Dependencies,
): Promise<void> {
  if (isSignUpOpen || (invitation !== null && (await isInvited(invitation, email)))) return;
  throw new SignInRefusal("invitation_needed");
}
