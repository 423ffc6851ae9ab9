import type { Pool } from "pg";
import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Activity } from "../../modules/activity/activity.service.ts";
import type { AnsweredCall, CallRecorder } from "../../modules/activity/call.ts";
import type { KeyMemory } from "../../modules/api-keys/verification/find-key.ts";
import type { Limiter } from "../../modules/rate-limit/limiter.service.ts";
import type { Coherence } from "../coherence/coherence.ts";
import type { ConnectionShares } from "../database/connection-shares.ts";
import { createRequestMetrics } from "./request-metrics.ts";

/** Of one process, as they travel to the one that puts them together. */
export type MetricValues = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

export interface Metrics {
  /** One call that has its answer. */
  answered(call: Omit<AnsweredCall, "requestId" | "ip">): void;
  /** As Prometheus reads it. */
  text(): Promise<string>;
  /** To be put together with those of other processes. */
  values(): Promise<MetricValues>;
}

/** What tells of itself when it is asked: nothing is counted twice, and nothing is counted that nobody reads. */
export interface Sources {
  /** Made later than the metrics, which its calls are counted by. */
  readonly keyMemory: () => Pick<KeyMemory, "report">;
  readonly coherence: Pick<Coherence, "report">;
  readonly limiter: Pick<Limiter, "report">;
  readonly activity: Pick<Activity, "report">;
  readonly pools: Readonly<Record<keyof ConnectionShares, Pool>>;
}

/** The metrics of one process. */
export function createMetrics(sources: Sources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const answered = createRequestMetrics(registry);
  registerKeyMemory(registry, sources);
  registerLimiter(registry, sources);
  registerActivity(registry, sources);
  registerPools(registry, sources);
  return { answered, text: () => registry.metrics(), values: () => registry.getMetricsAsJSON() };
}

/** Those of several processes as one text: counts and sizes added up, ages and lags as each metric says. */
export function aggregate(values: readonly MetricValues[]): Promise<string> {
  return AggregatorRegistry.aggregate([...values]).metrics();
}

/** The same recorder, with each call that it is handed counted as well. */
export function metered(recorder: CallRecorder, { answered }: Metrics): CallRecorder {
  return {
    admit: recorder.admit,
    record(call) {
      answered(call);
      return recorder.record(call);
    },
  };
}

/** A counter whose value is known elsewhere. */
function counter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

type Aggregator = "sum" | "max";

function gauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => number,
  aggregator: Aggregator = "sum",
): void {
  new Gauge({
    name,
    help,
    aggregator,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** 1 for what it is now. Over several processes, how many are so. */
function state(registry: Registry, name: string, help: string, label: string, read: () => string): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      this.set({ [label]: read() }, 1);
    },
  });
}

function registerKeyMemory(registry: Registry, { keyMemory, coherence }: Sources): void {
  gauge(registry, "latchkey_cached_keys", "Verified keys in memory.", () => keyMemory().report().keys);
  counter(registry, "latchkey_cache_hits_total", "Look-ups that memory answered.", () => keyMemory().report().hits);
  counter(
    registry,
    "latchkey_cache_misses_total",
    "Look-ups that asked the database.",
    () => keyMemory().report().misses,
  );
  counter(
    registry,
    "latchkey_cache_invalidations_total",
    "Changes of access heard of.",
    () => coherence.report().invalidations,
  );
  counter(registry, "latchkey_lease_renewals_total", "Leases that were renewed.", () => coherence.report().renewals);
  counter(
    registry,
    "latchkey_listen_sessions_total",
    "LISTEN connections that were opened.",
    () => coherence.report().sessions,
  );
  counter(
    registry,
    "latchkey_barriers_total",
    "Changes that waited for all processes.",
    () => coherence.report().barriers,
  );
  state(
    registry,
    "latchkey_lease_state",
    "Processes that are leased, unleased or off.",
    "state",
    () => coherence.report().state,
  );
  gauge(
    registry,
    "latchkey_lease_age_seconds",
    "Since the lease in force was asked for; 0 without one.",
    () => (coherence.report().leaseAge ?? 0) / 1_000,
    "max",
  );
  gauge(
    registry,
    "latchkey_notification_queue_usage_ratio",
    "How much of PostgreSQL's notification queue is used, 0 to 1.",
    () => coherence.report().notificationQueueUsage,
    "max",
  );
}

function registerLimiter(registry: Registry, { limiter }: Sources): void {
  const store = () => limiter.report().kind ?? "none";
  state(registry, "latchkey_limiter_store", "Processes that count rate limits in this store.", "kind", store);
  const reached = () => limiter.report().state;
  state(registry, "latchkey_limiter_state", "Processes whose store counts, or is unreachable.", "state", reached);
  counter(registry, "latchkey_limiter_errors_total", "Calls that could not be counted.", () => limiter.report().errors);
  gauge(registry, "latchkey_limiter_buckets", "Buckets in memory.", () => limiter.report().buckets ?? 0);
}

function registerActivity(registry: Registry, { activity }: Sources): void {
  gauge(registry, "latchkey_activity_waiting", "Calls that are not stored yet.", () => activity.report().waiting);
  gauge(
    registry,
    "latchkey_activity_oldest_seconds",
    "How long the oldest of them has waited.",
    () => activity.report().oldestMilliseconds / 1_000,
    "max",
  );
  counter(registry, "latchkey_activity_stored_total", "Calls that were stored.", () => activity.report().stored);
  counter(
    registry,
    "latchkey_activity_failures_total",
    "Attempts to store that failed.",
    () => activity.report().failures,
  );
  counter(
    registry,
    "latchkey_activity_spooled_total",
    "Calls left to the next start.",
    () => activity.report().spooled,
  );
  counter(
    registry,
    "latchkey_activity_unstorable_total",
    "Calls that never can be stored.",
    () => activity.report().unstorable,
  );
}

function registerPools(registry: Registry, { pools }: Sources): void {
  new Gauge({
    name: "latchkey_pool_connections",
    help: "Connections to PostgreSQL, in use and idle, and callers that wait for one.",
    labelNames: ["pool", "state"],
    registers: [registry],
    collect() {
      for (const [name, pool] of Object.entries(pools)) {
        this.set({ pool: name, state: "used" }, pool.totalCount - pool.idleCount);
        this.set({ pool: name, state: "idle" }, pool.idleCount);
        this.set({ pool: name, state: "waiting" }, pool.waitingCount);
      }
    },
  });
}
