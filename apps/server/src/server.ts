import { join } from "node:path";
import type { Logger } from "pino";
import type { App } from "./app.ts";
import { createApp } from "./app.ts";
import { bootstrap } from "./bootstrap.ts";
import type { Config } from "./config.ts";
import { createActivity, type Activity } from "./modules/activity/activity.service.ts";
import { createPermissionUseRepository } from "./modules/activity/permission-use.repository.ts";
import { createPermissionUseRecorder, type PermissionUseRecorder } from "./modules/activity/permission-use.service.ts";
import { createLimiter } from "./modules/rate-limit/limiter.service.ts";
import { notConnected, type UsageSource } from "./modules/billing/usage-source.ts";
import { withoutMemory } from "./platform/coherence/coherence.ts";
import { createCoherence } from "./platform/coherence/create-coherence.ts";
import { createDirectDoor, type DirectDoor } from "./platform/direct-door.ts";
import { createDirectGraphQL } from "./platform/graphql/direct-graphql.ts";
import { createGraphQLDoor } from "./platform/graphql/graphql-door.ts";
import { createMail } from "./platform/mail/mail.ts";
import { connectionShares, type ConnectionShares } from "./platform/database/connection-shares.ts";
import { createPgPool, createPrisma, TWO_SECOND_TIMEOUTS } from "./platform/database/pools.ts";
import { createRead } from "./platform/database/reader.ts";
import { readMigrations } from "./platform/database/migration-files.ts";
import { pendingMigrations } from "./platform/database/migrations.ts";
import type { TransactionTime } from "./platform/database/transaction-time.ts";
import type { ServePage } from "./platform/page.ts";
import { createMetrics, metered, type Metrics } from "./platform/metrics/metrics.ts";
import { Readiness } from "./platform/readiness.ts";
import { createDirectRoutes } from "./platform/rest/direct-routes.ts";
import { createSchedule, type Schedule } from "./platform/schedule/schedule.ts";
import { resolveSecrets } from "./secrets.ts";
import { createServices, type Services } from "./services.ts";

/** Nobody waits for a job: it may look through much. */
const SCHEDULE_TIMEOUTS = { acquireMs: 10_000, queryMs: 35_000, statementMs: 30_000, lockMs: 20_000 };
/** What a flush may take: a slow one is waited for, and one that hangs does not hold up a stop. */
const ACTIVITY_TIMEOUTS = { acquireMs: 900, queryMs: 3_000, statementMs: 2_900, lockMs: 2_000 };

/** Of the 10 s that a stop may take. */
const LAST_MAILS_MILLISECONDS = 2_000;
export const LAST_JOBS_MILLISECONDS = 2_000;

export interface LatchkeyServer {
  readonly app: App;
  /** Asked before the app. */
  readonly directDoor: DirectDoor;
  readonly services: Services;
  readonly activity: Activity;
  /** Null without METRICS_PORT. */
  readonly metrics: Metrics | null;
  readonly permissionUse: PermissionUseRecorder;
  /** Begins when it is told to: behind the demo, whose past it would tell of by halves. */
  readonly schedule: Schedule;
  /** The same services with another clock, for the demo. */
  servicesAt(transactionTime: TransactionTime): Services;
  readonly readiness: Readiness;
  /** Resolves when requests are served; rejects when the operator has to act (peppers, a broken migration). */
  readonly started: Promise<void>;
  /** Writes what is still in memory and lets go of the database. */
  stop(): Promise<void>;
}

interface Options {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly logger: Logger;
  readonly servePage: ServePage;
  /** Past the log: for links that a developer follows where no mail is sent. */
  readonly print?: (text: string) => void;
  readonly usageSource?: UsageSource;
}

/** Everything but the listening socket and the embedded database: what one process serves. */
export async function createServer({
  config,
  databaseUrl,
  logger,
  servePage,
  print = (text) => void process.stdout.write(text),
  usageSource = notConnected,
}: Options): Promise<LatchkeyServer> {
  const { betterAuthSecret, peppers } = await resolveSecrets(config);
  const connections = connectionShares(config.webConcurrency);
  const pool = (name: keyof ConnectionShares) => ({
    log: logger,
    name,
    max: connections[name],
    timeouts: TWO_SECOND_TIMEOUTS,
  });
  const modulePool = createPgPool(databaseUrl, pool("modules"));
  const database = createPrisma(modulePool);
  const verificationPool = createPgPool(databaseUrl, pool("verification"));
  const healthPool = createPgPool(databaseUrl, pool("health"));
  const limiterPool = createPgPool(databaseUrl, pool("limiter"));
  const coherencePool = createPgPool(databaseUrl, pool("coherence"));
  const coherence = createCoherence({
    directUrl: config.coherence === "off" ? null : (config.databaseDirectUrl ?? databaseUrl),
    pool: coherencePool,
    log: logger,
  });
  const limiter = createLimiter({
    kind: config.limiter,
    redisUrl: config.redisUrl,
    isDatabaseShared: config.databaseUrl !== null || config.webConcurrency > 1,
    pool: limiterPool,
    logger,
    coherence,
  });
  const rateLimitStore = limiter.store;
  const activityPool = createPgPool(databaseUrl, { ...pool("activity"), timeouts: ACTIVITY_TIMEOUTS });
  const activity = createActivity({
    pool: activityPool,
    spoolFolder: join(config.dataDir, "activity-spool"),
    durability: config.activityDurability,
    retentionDays: config.activityRetentionDays,
    logger,
  });
  const schedulePool = createPgPool(databaseUrl, {
    ...pool("schedule"),
    timeouts: SCHEDULE_TIMEOUTS,
  });
  const pools = {
    modules: modulePool,
    verification: verificationPool,
    limiter: limiterPool,
    coherence: coherencePool,
    health: healthPool,
    schedule: schedulePool,
    activity: activityPool,
  };
  const metrics =
    config.metricsPort === null
      ? null
      : createMetrics({ keyMemory: () => services.keyMemory, coherence, limiter, activity, pools });
  const permissionUse = createPermissionUseRecorder({
    recorder: metrics === null ? activity : metered(activity, metrics),
    repository: createPermissionUseRepository(database),
    logger,
  });
  const scheduleDatabase = createPrisma(schedulePool);
  const dependencies = {
    config,
    database,
    scheduleDatabase,
    read: createRead(modulePool),
    verificationPool,
    coherence,
    betterAuthSecret,
    peppers,
    logger,
    usageSource,
    rateLimitStore,
    recorder: permissionUse,
  };
  const mail = createMail({ config, logger, print });
  const services = createServices({ ...dependencies, mail });
  const schedule = createSchedule({ pool: schedulePool, logger, jobs: services.scheduledJobs });

  const readiness = new Readiness();
  const migrations = await readMigrations();
  const checkDatabase = async () => ({ pendingMigrations: await pendingMigrations(healthPool, migrations) });
  const graphQL = createGraphQLDoor({ config, services, logger });
  const app = createApp({ config, services, graphQL, logger, readiness, checkDatabase, servePage });
  const directDoor = createDirectDoor({
    config,
    recorder: services.recorder,
    readiness,
    understand: [createDirectRoutes({ config, services, logger }), createDirectGraphQL(config, graphQL)],
  });

  const stopping = new AbortController();
  const started = bootstrap({
    url: config.databaseDirectUrl ?? databaseUrl,
    pool: healthPool,
    peppers,
    logger,
    signal: stopping.signal,
    prepare: activity.start,
  }).then(async () => {
    if (stopping.signal.aborted) return;
    await coherence.start();
    await limiter.start();
    if (!stopping.signal.aborted) readiness.started();
  });

  return {
    app,
    metrics,
    activity,
    permissionUse,
    schedule,
    directDoor,
    services,
    servicesAt: (transactionTime) =>
      createServices({ ...dependencies, coherence: withoutMemory(coherence), mail, transactionTime }),
    readiness,
    started,
    async stop() {
      readiness.stopping();
      stopping.abort();
      await Promise.all([
        activity.stop(),
        permissionUse.stop(),
        limiter.stop(),
        coherence.stop(),
        schedule.stop(LAST_JOBS_MILLISECONDS),
        mail.close(LAST_MAILS_MILLISECONDS),
      ]);
      await Promise.all([
        database.$disconnect(),
        scheduleDatabase.$disconnect(),
        verificationPool.end(),
        limiterPool.end(),
        coherencePool.end(),
        healthPool.end(),
      ]);
    },
  };
}
