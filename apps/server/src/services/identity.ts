import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { createAuth } from "../identity/better-auth.ts";
import { createAccountMail } from "../identity/account-mail.ts";
import { createAccountsService } from "../identity/accounts.service.ts";
import { createAuthenticate } from "../identity/authenticate.ts";
import { createSignInLimits } from "../identity/sign-in-limits.ts";
import { createReadSession } from "../identity/session-strategy.ts";
import { createAccountEvents } from "../modules/account/account-events.service.ts";
import { createAccountRepository } from "../modules/account/account.repository.ts";
import { createAccountService } from "../modules/account/account.service.ts";
import { createSecondFactorRepository } from "../modules/account/second-factor.repository.ts";
import { createSecondFactorService } from "../modules/account/second-factor.service.ts";
import { type CallRecorder } from "../modules/activity/call.ts";
import type { RateLimitStore } from "../modules/rate-limit/rate-limit-store.ts";
import type { Database } from "../platform/database/database.ts";
import { type TransactionTime } from "../platform/database/transaction-time.ts";
import { type Mail } from "../platform/mail/mail.ts";
import type { KeyVerification } from "./key-verification.ts";
import type { PeopleService } from "../modules/people/people.service.ts";

interface Dependencies {
  readonly config: Config;
  readonly database: Database;
  readonly betterAuthSecret: string;
  readonly logger: Logger;
  readonly mail: Mail;
  readonly rateLimitStore: RateLimitStore;
  readonly recorder: CallRecorder;
  readonly transactionTime: TransactionTime;
  readonly people: PeopleService;
  readonly isInvited: (token: string, email: string) => Promise<boolean>;
  readonly verification: KeyVerification;
}

/** Who somebody is: Better Auth with what we put around it, sessions, second factors, accounts. */
export function composeIdentity(dependencies: Dependencies) {
  const { config, database, betterAuthSecret, logger, mail, rateLimitStore, recorder } = dependencies;
  const { transactionTime, people, isInvited, verification } = dependencies;
  const { publicUrl } = config;
  const accountMail = createAccountMail({ mail, people, publicUrl, now: () => new Date() });
  const secondFactor = createSecondFactorService({
    repository: createSecondFactorRepository(database),
    now: () => new Date(),
  });
  const isRequiredOfSuperAdmins = !config.isLocal;
  const account = createAccountService({
    database,
    repository: createAccountRepository(database),
    secondFactor,
    transactionTime,
    isRequiredOfSuperAdmins,
    canMail: mail.way === "sent",
    now: () => new Date(),
  });
  const auth = createAuth({
    config,
    secret: betterAuthSecret,
    database,
    logger,
    startSession: people.startSession,
    isInvited,
    accountMail,
    events: createAccountEvents({ database, transactionTime }),
    claimCode: secondFactor.claimCode,
    verifyKey: verification.guardedCalls.verify,
  });
  const readSession = createReadSession({
    auth,
    people,
    missingIn: (person) => secondFactor.missingIn(person, isRequiredOfSuperAdmins),
    now: () => new Date(),
  });
  const limitSignIn = createSignInLimits({
    store: rateLimitStore,
    secret: betterAuthSecret,
    allowedOrigins: config.allowedOrigins,
    publicUrl,
    now: Date.now,
  });
  const authenticate = createAuthenticate({
    authenticateKey: verification.authenticateKey,
    readSession,
    acceptBearer: config.acceptBearer,
    limitActor: verification.limitActor,
    admit: recorder.admit,
  });

  const accounts = createAccountsService({ auth, people, publicUrl });
  return { auth, authenticate, limitSignIn, readSession, account, secondFactor, accounts };
}
