import {
  changePasswordInput,
  confirmSecondFactorInput,
  enableSecondFactorInput,
  noInput,
  verifyCodeInput,
  verifyRecoveryCodeInput,
} from "@latchkey/types/inputs/account";
import { symmetricDecrypt } from "better-auth/crypto";
import type { z } from "zod";
import type { AccountService, OwnContext } from "../modules/account/account.service.ts";
import type { SecondFactorService } from "../modules/account/second-factor.service.ts";
import type { AuditAction } from "@latchkey/types/audit-events";
import { InvalidInputError, unauthenticated } from "../platform/domain-error.ts";
import { parseInput } from "../platform/parse-input.ts";
import type { Arrival } from "../platform/rest/environment.ts";
import type { Auth } from "./better-auth.ts";
import type { ReadSession } from "./session-strategy.ts";
import { readJson } from "./sign-up.ts";

/** Better Auth, with what it gets of a request. */
export type Forward = (request: Request) => Promise<Response>;

/** One's own account, below /api/auth: our own routes, and those of Better Auth that get no more than we know. */
export type AccountRoute = (request: Request, arrival: Arrival, forward: Forward) => Promise<Response>;

interface Dependencies {
  readonly auth: Auth;
  readonly account: AccountService;
  readonly secondFactor: SecondFactorService;
  readonly readSession: ReadSession;
}

interface Caller {
  readonly context: OwnContext;
  readonly setCookies: readonly string[];
}

export function createAccountRoutes(dependencies: Dependencies): ReadonlyMap<string, AccountRoute> {
  const { auth, account, secondFactor, readSession } = dependencies;

  /** The session that GraphQL would accept: not a banned person's, not one without the person's second factor. */
  const callerOf = async ({ headers }: Request, arrival: Arrival): Promise<Caller> => {
    const session = await readSession(headers);
    if (session === null) throw unauthenticated();
    return { context: { ...arrival, actor: session.actor }, setCookies: session.setCookies };
  };

  const own =
    (answer: (context: OwnContext, input: unknown) => Promise<object>): AccountRoute =>
    async (request, arrival) => {
      const { context, setCookies } = await callerOf(request, arrival);
      const body = await answer(context, request.method === "GET" ? {} : await readJson(request));
      const headers = new Headers({ "content-type": "application/json; charset=utf-8" });
      for (const cookie of setCookies) headers.append("set-cookie", cookie);
      return new Response(JSON.stringify(body), { headers });
    };

  /** A route of Better Auth for signed-in people: `admit` decides what it gets; what it changed is recorded. */
  const forwarded =
    <Schema extends z.ZodType>(
      schema: Schema,
      action: AuditAction | null,
      admit: (context: OwnContext, input: z.output<Schema>) => Promise<object>,
    ): AccountRoute =>
    async (request, arrival, forward) => {
      const { context } = await callerOf(request, arrival);
      const admitted = await admit(context, parseInput(schema, await readJson(request)));
      const answer = await forward(withJson(request, admitted));
      if (answer.ok && action !== null) await account.record(context, action);
      return answer;
    };

  /** Better Auth asks for the password of whoever has one; everybody else shows that they hold the authenticator. */
  const confirm = async ({ actor }: OwnContext, { password, code }: z.output<typeof confirmSecondFactorInput>) => {
    if (await account.hasPassword(actor.userId)) {
      if (password === undefined)
        throw new InvalidInputError([{ path: ["password"], message: "Enter your password." }]);
      return { password };
    }
    if (code === undefined)
      throw new InvalidInputError([{ path: ["code"], message: "Enter a code of your authenticator." }]);
    const { secretConfig: key } = await auth.$context;
    await secondFactor.confirmByCode(actor.userId, code, (stored) => symmetricDecrypt({ key, data: stored }));
    return {};
  };

  const countRecoveryCodes = async (userId: string) =>
    (await auth.api.viewBackupCodes({ body: { userId } })).backupCodes.length;

  /** While signing in nobody is signed in yet; a signed-in person confirms a new authenticator by it. */
  const verifyCode: AccountRoute = async (request, arrival, forward) => {
    const session = await readSession(request.headers);
    const input = parseInput(verifyCodeInput, await readJson(request));
    const answer = await forward(withJson(request, input));
    if (!answer.ok || session === null) return answer;
    await account.endUnprovenSessions(session.actor.userId);
    await account.record({ ...arrival, actor: session.actor }, "second_factor.enabled");
    return answer;
  };

  /** Recorded when it was a session that ended: whoever has none signs out as often as they like. */
  const signOut: AccountRoute = async (request, arrival, forward) => {
    const session = await readSession(request.headers);
    const answer = await forward(request);
    if (answer.ok && session !== null) await account.record({ ...arrival, actor: session.actor }, "user.signed_out");
    return answer;
  };

  const verifyRecoveryCode: AccountRoute = async (request, _arrival, forward) =>
    forward(withJson(request, parseInput(verifyRecoveryCodeInput, await readJson(request))));

  return new Map<string, AccountRoute>([
    [
      "GET /api/auth/account",
      own((context) => account.describe(context, () => countRecoveryCodes(context.actor.userId))),
    ],
    ["GET /api/auth/account/sessions", own(async (context) => ({ sessions: await account.listSessions(context) }))],
    ["POST /api/auth/account/notification-mail", own((context, input) => account.setNotificationMail(context, input))],
    [
      "POST /api/auth/account/end-session",
      own(async (context, input) => {
        await account.endSession(context, input);
        return { ended: 1 };
      }),
    ],
    [
      "POST /api/auth/account/end-other-sessions",
      own(async (context, input) => {
        parseInput(noInput, input);
        return { ended: await account.endOtherSessions(context) };
      }),
    ],
    [
      "POST /api/auth/change-password",
      forwarded(changePasswordInput, "account.password_changed", async (_context, input) => ({
        ...input,
        revokeOtherSessions: true,
      })),
    ],
    ["POST /api/auth/two-factor/enable", forwarded(enableSecondFactorInput, null, async (_context, input) => input)],
    ["POST /api/auth/sign-out", signOut],
    ["POST /api/auth/two-factor/verify-totp", verifyCode],
    ["POST /api/auth/two-factor/verify-backup-code", verifyRecoveryCode],
    [
      "POST /api/auth/two-factor/disable",
      forwarded(confirmSecondFactorInput, "second_factor.disabled", async (context, input) => {
        await account.assertMayDisableSecondFactor(context);
        return confirm(context, input);
      }),
    ],
    [
      "POST /api/auth/two-factor/generate-backup-codes",
      forwarded(confirmSecondFactorInput, "second_factor.recovery_codes_replaced", confirm),
    ],
  ]);
}

/** The same request with this body alone: nothing that was sent beside it comes through. */
function withJson(request: Request, body: object): Request {
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  return new Request(request.url, { method: request.method, headers, body: JSON.stringify(body) });
}
