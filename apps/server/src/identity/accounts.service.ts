import type { PeopleService } from "../modules/people/people.service.ts";
import type { Auth } from "./better-auth.ts";
import { createPasswordLink } from "./password-link.ts";

interface Dependencies {
  readonly auth: Auth;
  readonly people: PeopleService;
  readonly publicUrl: string;
}

interface NewPerson {
  readonly email: string;
  readonly name: string;
  /** Without one the person sets it through a one-time link. */
  readonly password?: string;
}

/** People and their passwords, for the operator's commands and the demo; everybody else goes through /api/auth. */
export function createAccountsService({ auth, people, publicUrl }: Dependencies) {
  /** Whether they could ever sign in with one. */
  const hasPassword = async (userId: string): Promise<boolean> => {
    const { internalAdapter } = await auth.$context;
    return (await internalAdapter.findAccounts(userId)).some(({ providerId }) => providerId === "credential");
  };

  const setPassword = async (userId: string, password: string): Promise<void> => {
    const { internalAdapter, password: passwords } = await auth.$context;
    const hash = await passwords.hash(password);
    if (await hasPassword(userId)) await internalAdapter.updatePassword(userId, hash);
    else await internalAdapter.linkAccount({ userId, accountId: userId, providerId: "credential", password: hash });
  };

  return {
    findByEmail: (email: string) => people.findByEmail(email),
    hasPassword,
    setPassword,

    async create({ email, name, password }: NewPerson): Promise<{ id: string }> {
      const { internalAdapter } = await auth.$context;
      // Whoever runs this vouches for the address.
      const user = await internalAdapter.createUser(
        { email: email.toLowerCase(), name, emailVerified: true },
        { method: "admin" },
      );
      if (password !== undefined) await setPassword(user.id, password);
      return { id: user.id };
    },

    makeSuperAdmin: (userId: string) => people.makeSuperAdmin(userId),

    /** A link that sets a password, for the operator to hand over. */
    async createPasswordLink(userId: string, now: Date): Promise<string> {
      const { internalAdapter } = await auth.$context;
      return createPasswordLink(internalAdapter, { userId, publicUrl, now });
    },
  };
}
