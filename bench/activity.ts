// Reading the record of calls: a million rows as a part of `pnpm bench`. `ACTIVITY_DATA=<folder> node bench/activity.ts
// 100000000` measures more: it fills the folder once (40 GB, half an hour), and reads what is there from then on.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
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
import { FILLED, fillActivity } from "../apps/server/test/fill-activity.ts";
import { tableOf, writeSection } from "./results.ts";
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
function readingsOf(reading: ActivityReading): Record<string, Reading> {
  const { keys, teamIds, idle, never } = FILLED;
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
  try {
    await fill(dataDir, rows);
    return await measureFilled(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Written last: a folder without it holds less than was wanted. */
const filledFile = (dataDir: string) => join(dataDir, "filled-rows");

/** PostgreSQL is stopped afterwards, so that what is measured begins with nothing of it in memory. */
async function fill(dataDir: string, rows: number): Promise<void> {
  await withPool(dataDir, async (pool, url) => {
    await migrate({ url, log: quietLog });
    // Tables that are made and filled in one transaction need no log of changes then.
    await pool.query("ALTER SYSTEM SET wal_level = 'minimal'");
    await pool.query("ALTER SYSTEM SET max_wal_senders = 0");
  });
  await withPool(dataDir, async (pool) => {
    await createPartitions(pool).ensure(daysAround(Date.now(), 1, 8));
    await fillActivity(pool, rows);
    await pool.query("ALTER SYSTEM RESET ALL");
    await pool.query("CHECKPOINT");
  });
  writeFileSync(filledFile(dataDir), String(rows));
}

async function measureFilled(dataDir: string): Promise<Row[]> {
  const rows = Number(readFileSync(filledFile(dataDir), "utf8"));
  const milliseconds = new Map<string, number[]>();
  await withPool(dataDir, async (pool, url) => {
    // The folder may be older than the last migration.
    await migrate({ url, log: quietLog });
    const readings = readingsOf(createActivityReading(createPrisma(pool), DAYS_KEPT));
    for (let sample = -20; sample < SAMPLES; sample += 1) {
      for (const [what, read] of Object.entries(readings)) {
        const startedAt = performance.now();
        await read(sample + 20);
        if (sample >= 0) milliseconds.set(what, [...(milliseconds.get(what) ?? []), performance.now() - startedAt]);
      }
    }
  });
  return [...milliseconds].map(([what, values]) =>
    ceilingRow(`${what}, of ${rows / 1_000_000} million rows, p95`, percentile(values, 0.95), MOST_MILLISECONDS, "ms"),
  );
}

async function withPool<Result>(
  dataDir: string,
  work: (pool: pg.Pool, url: string) => Promise<Result>,
): Promise<Result> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: quietLog, durable: false });
  const pool = createPgPool(postgres.url, { log: quietLog, max: 4, name: "bench", timeouts: PATIENT });
  try {
    return await work(pool, postgres.url);
  } finally {
    await pool.end();
    await postgres.stop();
  }
}

const DAYS_KEPT = 90;

if (import.meta.main) {
  const startedAt = performance.now();
  const rows = Number(process.argv[2] ?? ROWS);
  const { ACTIVITY_DATA: kept } = process.env;
  if (kept !== undefined && !existsSync(filledFile(kept))) await fill(kept, rows);
  const measured = kept === undefined ? await measureActivity(rows) : await measureFilled(kept);
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  const introduction = `Taken on ${new Date().toISOString().slice(0, 10)} by \`ACTIVITY_DATA=<folder> node bench/activity.ts 100000000\` in ${minutes} minutes, on the folder that its first run filled.`;
  if (kept !== undefined)
    writeSection("Measured by hand: a hundred million calls", `${introduction}\n\n${tableOf(measured)}`);
  console.log(`${introduction}\n\n${tableOf(measured)}`);
}
