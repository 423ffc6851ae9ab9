import type { Pool } from "pg";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { quietLog } from "../../../test/database/quiet-log.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database/test-database.ts";
import { createPgPool } from "../database/pools.ts";
import { createSchedule, type Schedule } from "./schedule.ts";

const PATIENCE = { timeout: 30_000 };

let database: TestDatabase;
let lines: string[];
const open: { schedule: Schedule; pool: Pool }[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  lines = [];
});
afterEach(async () => {
  await endAll();
  await database.drop();
});

/** What one server process starts. */
function startSchedule(run: () => Promise<void>, url = database.url): Schedule {
  const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const pool = createPgPool(url, { log: quietLog, max: 2, name: "schedule" });
  const schedule = createSchedule({ pool, logger, jobs: [{ name: "tests/job", cron: "* * * * *", run }] });
  open.push({ schedule, pool });
  schedule.start();
  return schedule;
}

async function endAll(): Promise<void> {
  await Promise.all(
    open.splice(0).map(async ({ schedule, pool }) => {
      await schedule.stop(1_000);
      await pool.end();
    }),
  );
}

const read = async <Row extends object>(sql: string): Promise<Row[]> => {
  const pool = createPgPool(database.url, { log: quietLog, max: 1, name: "test" });
  try {
    return (await pool.query<Row>(sql)).rows;
  } finally {
    await pool.end();
  }
};

test("a job runs when the schedule begins, again after a restart, and never twice at once in many processes", async () => {
  let runs = 0;
  let running = 0;
  let most = 0;
  const run = async () => {
    running += 1;
    most = Math.max(most, running);
    await read("SELECT pg_sleep(0.2)");
    running -= 1;
    runs += 1;
  };
  for (let process = 0; process < 3; process += 1) startSchedule(run);
  await vi.waitUntil(() => runs > 0 && running === 0, PATIENCE);
  await endAll();
  const before = runs;
  startSchedule(run);
  await vi.waitUntil(() => runs > before, PATIENCE);
  expect(most).toBe(1);
});

test("it keeps to a schema of its own, and its time is there for all processes", async () => {
  let runs = 0;
  startSchedule(async () => void (runs += 1));
  await vi.waitUntil(() => runs > 0, PATIENCE);
  expect(await read("SELECT name, cron FROM pgboss.schedule")).toEqual([{ name: "tests/job", cron: "* * * * *" }]);
  const ours =
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name ~ 'boss|job'";
  expect(await read(ours)).toEqual([]);
});

test("a job that fails is told in the log, and comes again", async () => {
  let runs = 0;
  const run = async () => {
    runs += 1;
    if (runs === 1) throw new Error("Out of luck");
  };
  startSchedule(run);
  await vi.waitUntil(() => lines.some((line) => line.includes("Out of luck")), PATIENCE);
  await endAll();
  startSchedule(run);
  await vi.waitUntil(() => runs === 2, PATIENCE);
});

test("without a database it holds up nobody, and a stop ends its waiting", async () => {
  const nowhere = new URL(database.url);
  nowhere.port = "1";
  const schedule = startSchedule(async () => undefined, nowhere.href);
  await vi.waitUntil(() => lines.some((line) => line.includes("start() failed")), PATIENCE);
  await schedule.stop(1_000);
});
