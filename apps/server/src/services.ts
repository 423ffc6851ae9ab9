import type { Pool } from "pg";
import type { Logger } from "pino";
import type { Config, Peppers } from "./config.ts";
import { createActivityLogService } from "./modules/activity/activity-log.service.ts";
import { createActivityReading } from "./modules/activity/activity-reading.repository.ts";
import { createCallNamesRepository } from "./modules/activity/call-names.repository.ts";
import { createCallSearching } from "./modules/activity/call-search.repository.ts";
import { UNRECORDED, type CallRecorder } from "./modules/activity/call.ts";
import { createCountCallsOfKeys } from "./modules/activity/key-calls.repository.ts";
import { createRefusalsService } from "./modules/activity/refusals.service.ts";
import { createPermissionUseRepository } from "./modules/activity/permission-use.repository.ts";
import { createApiKeysRepository } from "./modules/api-keys/api-keys.repository.ts";
import { createApiKeyRevocations } from "./modules/api-keys/api-key-revocations.service.ts";
import { createApiKeysService } from "./modules/api-keys/api-keys.service.ts";
import { createIdempotencyRepository } from "./modules/api-keys/idempotency.repository.ts";
import { createIdempotencyService } from "./modules/api-keys/idempotency.service.ts";
import { createKeyUsageService } from "./modules/api-keys/key-usage.service.ts";
import { createPermissionUseService } from "./modules/api-keys/permission-use.service.ts";
import { createReviewRepository } from "./modules/api-keys/review.repository.ts";
import { createReviewService } from "./modules/api-keys/review.service.ts";
import { createSecretIssuer } from "./modules/api-keys/verification/issue-secret.ts";
import { createAuditLogRepository } from "./modules/audit/audit-log.repository.ts";
import { createAuditLogService } from "./modules/audit/audit-log.service.ts";
import { createBackofficePeopleRepository } from "./modules/backoffice/backoffice-people.repository.ts";
import { createBackofficeTeamsRepository } from "./modules/backoffice/backoffice-teams.repository.ts";
import { createBackofficeService } from "./modules/backoffice/backoffice.service.ts";
import { createBansService } from "./modules/backoffice/bans.service.ts";
import { createBillingRepository } from "./modules/billing/billing.repository.ts";
import { createBillingService } from "./modules/billing/billing.service.ts";
import { createSubscriptionsService } from "./modules/billing/subscriptions.service.ts";
import { createUsageReader, notConnected, type UsageSource } from "./modules/billing/usage-source.ts";
import { createInvitationMail } from "./modules/invitations/invitation-mail.service.ts";
import { createInvitationsRepository } from "./modules/invitations/invitations.repository.ts";
import { createInvitationsService } from "./modules/invitations/invitations.service.ts";
import { processMicroseconds } from "./modules/rate-limit/limiter.service.ts";
import { createMemoryStore } from "./modules/rate-limit/memory-store.ts";
import type { RateLimitStore } from "./modules/rate-limit/rate-limit-store.ts";
import { createNotificationJobs } from "./modules/notifications/notification-jobs.service.ts";
import { createNotificationMailsRepository } from "./modules/notifications/notification-mails.repository.ts";
import { createNotificationMails } from "./modules/notifications/notification-mails.service.ts";
import { createNotificationRuns } from "./modules/notifications/notification-runs.service.ts";
import { createNotificationsRepository } from "./modules/notifications/notifications.repository.ts";
import { createNotificationsService } from "./modules/notifications/notifications.service.ts";
import { createMembersRepository } from "./modules/members/members.repository.ts";
import { createMembersService } from "./modules/members/members.service.ts";
import { createPeopleRepository } from "./modules/people/people.repository.ts";
import { createMeService } from "./modules/people/me.service.ts";
import { createPeopleService } from "./modules/people/people.service.ts";
import { createTeamSecurityRepository } from "./modules/teams/team-security.repository.ts";
import { createTeamSecurityService } from "./modules/teams/team-security.service.ts";
import { createTeamsRepository } from "./modules/teams/teams.repository.ts";
import { createTeamsService } from "./modules/teams/teams.service.ts";
import type { Coherence } from "./platform/coherence/coherence.ts";
import { createEnforce } from "./platform/coherence/enforce.ts";
import { composeIdentity } from "./services/identity.ts";
import { composeKeyVerification } from "./services/key-verification.ts";
import { billingUrl } from "./platform/limit-links.ts";
import type { Database } from "./platform/database/database.ts";
import type { Read } from "./platform/database/reader.ts";
import { databaseTime, type TransactionTime } from "./platform/database/transaction-time.ts";
import { NO_MAIL, type Mail } from "./platform/mail/mail.ts";

export type Services = ReturnType<typeof createServices>;

interface Dependencies {
  readonly config: Config;
  readonly database: Database;
  /** The statements that every page waits for, on the same connections. */
  readonly read: Read;
  /** For verification only: named statements on a pool of their own, so that no page waits in front of a key. */
  readonly verificationPool: Pool;
  /** What may be kept in memory, and what a change waits for. */
  readonly coherence: Coherence;
  readonly betterAuthSecret: string;
  readonly peppers: Peppers;
  readonly logger: Logger;
  /** For scheduled jobs, which may take long; the same unless told. */
  readonly scheduleDatabase?: Database;
  /** None unless told: commands answer at the terminal. */
  readonly mail?: Mail;
  /** A memory of its own unless told: commands are not limited by what others do. */
  readonly rateLimitStore?: RateLimitStore;
  /** Where each call is recorded; nowhere unless told: commands answer nobody. */
  readonly recorder?: CallRecorder;
  /** When a change happens: the database says it. The demo alone tells a past. */
  readonly transactionTime?: TransactionTime;
  /** Ad accounts and ad spend come from the product around Latchkey. */
  readonly usageSource?: UsageSource;
}

/** Everything is built once, here, by hand. */
export function createServices({
  config,
  database,
  read,
  verificationPool,
  coherence,
  betterAuthSecret,
  peppers,
  logger,
  scheduleDatabase = database,
  mail = NO_MAIL,
  rateLimitStore = createMemoryStore({ now: processMicroseconds }),
  recorder = UNRECORDED,
  transactionTime = databaseTime,
  usageSource = notConnected,
}: Dependencies) {
  const enforce = createEnforce(coherence);
  const billingRepository = createBillingRepository(database);
  const subscriptions = createSubscriptionsService(billingRepository);

  const people = createPeopleService({ repository: createPeopleRepository(database, read), now: () => new Date() });
  const teams = createTeamsService({
    database,
    repository: createTeamsRepository(database),
    subscriptions,
    transactionTime,
    defaultPlan: config.defaultPlan,
  });
  const teamSecurity = createTeamSecurityService({
    database,
    repository: createTeamSecurityRepository(database),
    teams,
    transactionTime,
  });
  const apiKeysRepository = createApiKeysRepository(database, read);
  const apiKeys = createApiKeysService({
    database,
    repository: apiKeysRepository,
    teams,
    subscriptions,
    idempotency: createIdempotencyService({
      repository: createIdempotencyRepository(database),
      secret: betterAuthSecret,
    }),
    issueSecret: createSecretIssuer(config.apiKeyBrand, peppers),
    transactionTime,
    enforce,
  });
  const permissionUses = createPermissionUseRepository(database);
  const permissionUse = {
    ...createPermissionUseService({ listUses: permissionUses.listOf }),
    /** What is known from elsewhere: the demo's past. */
    store: permissionUses.store,
  };
  const keyUsage = createKeyUsageService({ countCalls: createCountCallsOfKeys(read) });
  const apiKeyReview = createReviewService({ repository: createReviewRepository(database), teams });
  const members = createMembersService({
    database,
    repository: createMembersRepository(database),
    teams,
    revocations: createApiKeyRevocations({ database, repository: apiKeysRepository, transactionTime }),
    transactionTime,
    enforce,
  });
  const invitationsRepository = createInvitationsRepository(database);
  const { publicUrl } = config;
  const invitations = createInvitationsService({
    database,
    repository: invitationsRepository,
    teams,
    people,
    publicUrl,
    mailInvitation: createInvitationMail({ mail, repository: invitationsRepository, publicUrl }),
    transactionTime,
    now: () => new Date(),
  });
  const activityReading = createActivityReading(database, config.activityRetentionDays);
  const billing = createBillingService({
    repository: billingRepository,
    teams,
    countActiveKeys: apiKeys.countActive,
    countCalls: activityReading.countCalls,
    readProductUsage: createUsageReader({
      source: usageSource,
      onFailure: (error) => logger.warn({ err: error }, "The product around Latchkey does not tell a team's use"),
      patienceMilliseconds: 2_000,
    }),
    links: { billingUrl: billingUrl(config.publicUrl), supportUrl: config.supportUrl },
  });
  const bans = createBansService({ database, transactionTime, enforce });
  const backoffice = createBackofficeService({
    database,
    teams: createBackofficeTeamsRepository(database),
    people: createBackofficePeopleRepository(database),
    subscriptions,
    bans,
    transactionTime,
    enforce,
  });
  const auditLog = createAuditLogService({
    database,
    repository: createAuditLogRepository(read),
    teams,
    transactionTime,
  });
  const searching = createCallSearching(read, config.activityRetentionDays);
  const names = createCallNamesRepository(read);
  const activityLog = createActivityLogService({
    database,
    reading: activityReading,
    searching,
    names,
    teams,
    transactionTime,
  });
  const refusals = createRefusalsService({ searching, names, teams });
  const notifications = createNotificationsService({
    repository: createNotificationsRepository(database),
    publicUrl,
    now: () => new Date(),
  });
  const notificationRuns = createNotificationRuns({ database: scheduleDatabase, transactionTime });
  const notificationMails = createNotificationMails({
    repository: createNotificationMailsRepository(scheduleDatabase),
    mail,
    publicUrl,
    now: () => new Date(),
  });
  const me = createMeService({ people, teams });

  const verification = composeKeyVerification({
    coherence,
    verificationPool,
    peppers,
    rateLimitStore,
    recorder,
    logger,
  });
  const identity = composeIdentity({
    config,
    database,
    betterAuthSecret,
    logger,
    mail,
    rateLimitStore,
    recorder,
    transactionTime,
    people,
    isInvited: invitations.isOpenFor,
    verification,
  });

  const modules = {
    people,
    me,
    teams,
    teamSecurity,
    members,
    invitations,
    billing,
    apiKeys,
    keyUsage,
    permissionUse,
    apiKeyReview,
    auditLog,
    activityLog,
    refusals,
    backoffice,
    bans,
    notifications,
    notificationRuns,
    notificationMails,
  };
  return {
    ...modules,
    scheduledJobs: createNotificationJobs({ runs: notificationRuns, mails: notificationMails }),
    database,
    recorder,
    coherence,
    ...verification,
    ...identity,
  };
}
