// Reading the record of calls: a million rows as a part of `pnpm bench`; `node bench/activity.ts 100000000` for more
// (a hundred million take about 40 GB and half an hour to make, below the folder for temporary files).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createActivityReading,
  type ActivityReading,
} from "../apps/server/src/modules/activity/activity-reading.repository.ts";
import { createPartitions } from "../apps/server/src/modules/activity/partitions.repository.ts";
import { daysAround } from "../apps/server/src/modules/activity/days.ts";
import { startEmbeddedPostgres } from "../apps/server/src/platform/database/embedded-postgres.ts";
import { migrate } from "../apps/server/src/platform/database/migrations.ts";
import { createPgPool, createPrisma } from "../apps/server/src/platform/database/pools.ts";
import { quietLog } from "../apps/server/test/database/quiet-log.ts";
import { fillActivity, type FilledActivity } from "../apps/server/test/fill-activity.ts";
import { ceilingRow, type Row } from "./row.ts";
import { percentile } from "./statistics.ts";

const ROWS = 1_000_000;
const SAMPLES = 200;
const PAGE = 50;
const MOST_MILLISECONDS = 50;
const DAY_MILLISECONDS = 86_400_000;
const PATIENT = { acquireMs: 1_000, queryMs: 3_600_000, statementMs: 3_600_000, lockMs: 1_000 };

type Reading = (sample: number) => Promise<unknown>;

/** The last calls of a busy key, of one that is idle or was never used, and of a team; and a month of hours. */
function readingsOf(reading: ActivityReading, filled: FilledActivity): Record<string, Reading> {
  const { keys, teamIds, idle, never } = filled;
  const some = <Item>(items: readonly Item[], sample: number): Item => {
    const item = items[(sample * 7_919) % items.length];
    if (item === undefined) throw new Error("Nothing was filled in.");
    return item;
  };
  const teamOf = (sample: number) => ({ teamId: some(teamIds, sample), keyId: null });
  // About the fortieth of ninety days, whoever it is.
  const before = { at: new Date(Date.now() - 50 * DAY_MILLISECONDS), requestId: "req_" };
  const monthOf = (of: { teamId: string; keyId: string | null }) =>
    reading.listHours(of, new Date(Date.now() - 30 * DAY_MILLISECONDS), new Date());
  return {
    "last 50 calls of a key": (sample) => reading.listCalls(some(keys, sample), null, PAGE),
    "50 calls of a key, fifty days back": (sample) => reading.listCalls(some(keys, sample), before, PAGE),
    "last 50 calls of a key idle for 80 days": () => reading.listCalls(idle, null, PAGE),
    "last 50 calls of a key never used": () => reading.listCalls(never, null, PAGE),
    "last 50 calls of a team": (sample) => reading.listCalls(teamOf(sample), null, PAGE),
    "30 days of hours of a key": (sample) => monthOf(some(keys, sample)),
    "30 days of hours of a team": (sample) => monthOf(teamOf(sample)),
  };
}

export async function measureActivity(rows = ROWS): Promise<Row[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "latchkey-bench-activity-"));
  const postgres = await startEmbeddedPostgres({ dataDir, log: quietLog, durable: false });
  const pool = createPgPool(postgres.url, { log: quietLog, max: 4, name: "bench", timeouts: PATIENT });
  try {
    await migrate({ url: postgres.url, log: quietLog });
    await createPartitions(pool).ensure(daysAround(Date.now(), 1, 8));
    const filled = await fillActivity(pool, rows);
    const readings = readingsOf(createActivityReading(createPrisma(pool), DAYS_KEPT), filled);
    const milliseconds = new Map<string, number[]>();
    for (let sample = -20; sample < SAMPLES; sample += 1) {
      for (const [what, read] of Object.entries(readings)) {
        const startedAt = performance.now();
        await read(sample + 20);
        if (sample >= 0) milliseconds.set(what, [...(milliseconds.get(what) ?? []), performance.now() - startedAt]);
      }
    }
    return [...milliseconds].map(([what, values]) =>
      ceilingRow(
        `${what}, of ${rows / 1_000_000} million rows, p95`,
        percentile(values, 0.95),
        MOST_MILLISECONDS,
        "ms",
      ),
    );
  } finally {
    await pool.end();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const DAYS_KEPT = 90;

if (import.meta.main) {
  const startedAt = performance.now();
  for (const row of await measureActivity(Number(process.argv[2] ?? ROWS))) console.log(row);
  console.log(`In ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes.`);
}
