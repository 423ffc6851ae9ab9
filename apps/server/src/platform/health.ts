import type { CoherenceReport } from "./coherence/coherence.ts";
import type { Readiness } from "./readiness.ts";

/** Whether the database answers and has every migration; rejects or reports, never hangs. */
export type CheckDatabase = () => Promise<{ readonly pendingMigrations: readonly string[] }>;

interface Report {
  readonly isReady: boolean;
  readonly checks: Readonly<Record<"started" | "notStopping" | "database" | "migrations", boolean>>;
  /** Not a check: without a lease every call asks the database, which is slower and as right. */
  readonly coherence: Pick<CoherenceReport, "state" | "reason">;
}

/** What /readyz says: each check apart, so that an operator sees which one it is. */
export async function checkReadiness(
  readiness: Readiness,
  checkDatabase: CheckDatabase,
  { state, reason }: CoherenceReport,
): Promise<Report> {
  const database = await checkDatabase().catch(() => null);
  const checks = {
    started: readiness.isStarted,
    notStopping: !readiness.isStopping,
    database: database !== null,
    migrations: database !== null && database.pendingMigrations.length === 0,
  };
  return { isReady: Object.values(checks).every(Boolean), checks, coherence: { state, reason } };
}
