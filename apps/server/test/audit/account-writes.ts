import type { AuditAction } from "@latchkey/types/audit-events";
import { auth, enroll, signIn } from "../authenticator.ts";
import { ProviderVisit } from "../provider-visit.ts";
import { PASSWORD, type Person, type Story } from "../story.ts";
import type { TestMailServer } from "../mail-server.ts";
import type { TestOidcProvider } from "../oidc-provider.ts";
import type { TestServer } from "../test-server.ts";

// The same for /api/auth, which changes people's own accounts: every open route that is no plain reading.

export interface Stage {
  readonly server: TestServer;
  readonly story: Story;
  readonly provider: TestOidcProvider;
  readonly mails: TestMailServer;
}

export type AccountWrite =
  | {
      readonly events: readonly AuditAction[];
      /** Sets the scene, and gives the one call whose events are meant. */
      readonly set: (stage: Stage) => Promise<() => Promise<unknown>>;
    }
  | { readonly none: string };

let counter = 0;
const freshEmail = () => `account-${(counter += 1)}@acme.example`;
const someone = ({ story }: Stage): Promise<Person> => story.personWithoutTeam();
const post = (server: TestServer, path: string, body: object, cookie = "") =>
  auth(server, "POST", path, { body, cookie });

/** Somebody with a second factor who has typed their password. */
async function halfWay(stage: Stage) {
  const person = await someone(stage);
  const authenticator = await enroll(stage.server, person);
  return { authenticator, cookie: (await signIn(stage.server, person)).cookie };
}

export const ACCOUNT_WRITES: Readonly<Record<string, AccountWrite>> = {
  "POST /sign-in/email": {
    events: ["user.signed_in"],
    set: async (stage) => {
      const person = await someone(stage);
      return () => signIn(stage.server, person);
    },
  },
  "POST /sign-out": {
    events: ["user.signed_out"],
    set: async (stage) => {
      const { cookie } = await someone(stage);
      return () => post(stage.server, "/sign-out", {}, cookie);
    },
  },
  "POST /sign-up/email": {
    events: ["user.signed_up"],
    set: async ({ server }) => {
      return () => post(server, "/sign-up/email", { email: freshEmail(), name: "New", password: PASSWORD });
    },
  },
  "POST /sign-in/social": { none: "It leads to the provider; nobody is anybody yet." },
  "GET /callback/{id}": {
    events: ["user.signed_in"],
    set: async (stage) => {
      const { id, email } = await someone(stage);
      stage.provider.person = { sub: id, email, email_verified: true, name: "Ada" };
      return () => new ProviderVisit(stage.server).signIn();
    },
  },
  "POST /request-password-reset": { none: "It sends a link, and the same answer to everybody; using it is recorded." },
  "POST /reset-password": {
    events: ["account.password_reset"],
    set: async (stage) => {
      const { id } = await someone(stage);
      const link = await stage.server.services.accounts.createPasswordLink(id, new Date());
      const token = new URL(link).searchParams.get("token");
      return () => post(stage.server, "/reset-password", { token, newPassword: "another horse battery" });
    },
  },
  "POST /send-verification-email": { none: "It sends a link; using it is recorded." },
  "POST /verify-email": {
    events: ["account.email_confirmed"],
    set: async ({ server, mails }) => {
      const email = freshEmail();
      await post(server, "/sign-up/email", { email, name: "New", password: PASSWORD });
      const token = new URL((await mails.mailTo(email)).link).searchParams.get("token");
      return () => post(server, "/verify-email", { token });
    },
  },
  "POST /change-password": {
    events: ["account.password_changed"],
    set: async (stage) => {
      const { cookie } = await someone(stage);
      const change = { currentPassword: PASSWORD, newPassword: "another horse battery" };
      return () => post(stage.server, "/change-password", change, cookie);
    },
  },
  "POST /two-factor/enable": { none: "A secret that nobody has confirmed opens nothing and asks for nothing." },
  "POST /two-factor/verify-totp": {
    events: ["user.signed_in"],
    set: async (stage) => {
      const { authenticator, cookie } = await halfWay(stage);
      return () => post(stage.server, "/two-factor/verify-totp", { code: authenticator.code() }, cookie);
    },
  },
  "POST /two-factor/verify-backup-code": {
    events: ["user.signed_in"],
    set: async (stage) => {
      const { authenticator, cookie } = await halfWay(stage);
      const [code] = authenticator.recoveryCodes;
      return () => post(stage.server, "/two-factor/verify-backup-code", { code }, cookie);
    },
  },
  "POST /two-factor/disable": {
    events: ["second_factor.disabled"],
    set: async (stage) => {
      const { cookie } = await enroll(stage.server, await someone(stage));
      return () => post(stage.server, "/two-factor/disable", { password: PASSWORD }, cookie);
    },
  },
  "POST /two-factor/generate-backup-codes": {
    events: ["second_factor.recovery_codes_replaced"],
    set: async (stage) => {
      const { cookie } = await enroll(stage.server, await someone(stage));
      return () => post(stage.server, "/two-factor/generate-backup-codes", { password: PASSWORD }, cookie);
    },
  },
  "POST /account/notification-mail": {
    events: ["account.notification_mail_changed"],
    set: async (stage) => {
      const { cookie } = await someone(stage);
      return () => post(stage.server, "/account/notification-mail", { isMailed: false }, cookie);
    },
  },
  "POST /account/end-session": {
    events: ["session.ended"],
    set: async (stage) => {
      const person = await someone(stage);
      await signIn(stage.server, person);
      const { body } = await auth(stage.server, "GET", "/account/sessions", { cookie: person.cookie });
      const other = body.sessions.find(({ isCurrent }: { isCurrent: boolean }) => !isCurrent);
      return () => post(stage.server, "/account/end-session", { sessionId: other.id }, person.cookie);
    },
  },
  "POST /account/end-other-sessions": {
    events: ["session.ended"],
    set: async (stage) => {
      const person = await someone(stage);
      await signIn(stage.server, person);
      return () => post(stage.server, "/account/end-other-sessions", {}, person.cookie);
    },
  },
};
