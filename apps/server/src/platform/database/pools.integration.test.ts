import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { quietLog } from "../../../test/database/quiet-log.ts";
import type { Database } from "./database.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded-postgres.ts";
import { migrate } from "./migrations.ts";
import { createPgPool, createPrisma, TWO_SECOND_TIMEOUTS } from "./pools.ts";
import { isUnavailable } from "./unavailable.ts";

let dataDir: string;
let postgres: EmbeddedPostgres;
let pool: pg.Pool;
let prisma: Database;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "latchkey-pools-"));
  postgres = await startEmbeddedPostgres({ dataDir, log: quietLog, durable: false });
  await migrate({ url: postgres.url, log: quietLog });
}, 60_000);

afterAll(async () => {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

beforeEach(async () => {
  const options = { log: quietLog, max: 2, name: "test", timeouts: TWO_SECOND_TIMEOUTS };
  pool = createPgPool(postgres.url, options);
  prisma = createPrisma(createPgPool(postgres.url, options));
  await untilAnswered();
});

afterEach(async () => {
  await pool.end();
  await prisma.$disconnect();
});

function waysToAsk(): [string, () => Promise<unknown>][] {
  return [
    ["pg", () => pool.query("SELECT 1")],
    ["a Prisma query", () => prisma.team.count()],
    ["a raw Prisma query", () => prisma.$queryRaw`SELECT 1`],
    ["a Prisma transaction", () => prisma.$transaction(async (transaction) => transaction.team.count())],
  ];
}

interface Outcome {
  hasFailed: boolean;
  isUnavailable: boolean;
  tookMs: number;
}

async function outcomeOf(ask: () => Promise<unknown>): Promise<Outcome> {
  const startedAt = performance.now();
  const error = await ask().then(
    () => null,
    (reason: unknown) => reason,
  );
  return { hasFailed: error !== null, isUnavailable: isUnavailable(error), tookMs: performance.now() - startedAt };
}

const unavailableWithinTwoSeconds = {
  hasFailed: true,
  isUnavailable: true,
  tookMs: expect.toSatisfy((ms: number) => ms < 2_000),
};

function postmasterPid(): number {
  return Number.parseInt(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8"), 10);
}

/** The postmaster and all its processes. */
function signalServer(signal: "SIGSTOP" | "SIGCONT"): void {
  const postmaster = postmasterPid();
  const children = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === postmaster)
    .map(([pid]) => Number(pid));
  for (const pid of [postmaster, ...children]) process.kill(pid, signal);
}

async function untilAnswered(): Promise<void> {
  for (const [, ask] of waysToAsk()) {
    for (let attempt = 0; (await outcomeOf(ask)).isUnavailable; attempt += 1) {
      if (attempt > 200) throw new Error("The database did not come back");
      await sleep(50);
    }
  }
}

describe("a database that is away", { timeout: 60_000 }, () => {
  test("while a killed server is away every answer is 'unavailable' and prompt, and then it is back by itself", async () => {
    process.kill(postmasterPid(), "SIGKILL");
    const failures: Outcome[] = [];
    for (const until = Date.now() + 400; Date.now() < until;) {
      const outcomes = await Promise.all(waysToAsk().map(([, ask]) => outcomeOf(ask)));
      // Its backends answer for a moment longer.
      failures.push(...outcomes.filter((outcome) => outcome.hasFailed));
      await sleep(10);
    }
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) expect(failure).toEqual(unavailableWithinTwoSeconds);
    await untilAnswered();
  });

  test("a server that hangs is unavailable within 2 s for every caller, and asked again when it goes on", async () => {
    signalServer("SIGSTOP");
    try {
      const asked = [...waysToAsk(), ...waysToAsk(), ...waysToAsk()];
      const outcomes = await Promise.all(asked.map(([, ask]) => outcomeOf(ask)));
      for (const outcome of outcomes) expect(outcome).toEqual(unavailableWithinTwoSeconds);
    } finally {
      signalServer("SIGCONT");
    }
    await untilAnswered();
  });

  test("a server that dies inside a transaction is unavailable, and the connection is not used again", async () => {
    const outcome = await outcomeOf(() =>
      prisma.$transaction(async (transaction) => {
        await transaction.team.count();
        process.kill(postmasterPid(), "SIGKILL");
        await sleep(100);
        await transaction.team.count();
      }),
    );
    expect(outcome).toEqual(unavailableWithinTwoSeconds);
    await untilAnswered();
  });

  test("a server that hangs inside a transaction gives no stuck connection back to the pool", async () => {
    const outcome = await outcomeOf(() =>
      prisma.$transaction(async (transaction) => {
        await transaction.team.count();
        signalServer("SIGSTOP");
        await transaction.team.count();
      }),
    );
    signalServer("SIGCONT");
    expect(outcome).toEqual(unavailableWithinTwoSeconds);
    await untilAnswered();
  });

  test("an address that accepts connections and never answers is unavailable within 2 s", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const url = `postgresql://u:p@127.0.0.1:${(silent.address() as AddressInfo).port}/d`;
    const lost = createPgPool(url, { log: quietLog, max: 1, name: "test", timeouts: TWO_SECOND_TIMEOUTS });
    expect(await outcomeOf(() => lost.query("SELECT 1"))).toEqual(unavailableWithinTwoSeconds);
    for (const socket of sockets) socket.destroy();
    silent.close();
    await lost.end();
  });
});

test("a connection that breaks in a caller's hands, between queries, does not end the process", async () => {
  const client = await pool.connect();
  const [row] = (await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows;
  await pool.query("SELECT pg_terminate_backend($1)", [row?.pid]);
  await sleep(100);
  expect((await outcomeOf(() => client.query("SELECT 1"))).isUnavailable).toBe(true);
  client.release();
  await untilAnswered();
});

describe("limits", { timeout: 60_000 }, () => {
  test("a statement, a lock and a free connection are waited for within 2 s", async () => {
    expect(await outcomeOf(() => pool.query("SELECT pg_sleep(5)"))).toEqual(unavailableWithinTwoSeconds);
    const holder = await pool.connect();
    await holder.query("BEGIN; LOCK TABLE team");
    expect(await outcomeOf(() => pool.query("SELECT FROM team"))).toEqual(unavailableWithinTwoSeconds);
    const second = await pool.connect();
    expect(await outcomeOf(() => pool.query("SELECT 1"))).toEqual(unavailableWithinTwoSeconds);
    await holder.query("ROLLBACK");
    holder.release();
    second.release();
  });

  test("what the database refuses is not an outage", async () => {
    await prisma.team.create({ data: { id: "team_1", name: "Acme Ads", slug: "acme-ads" } });
    const refused = [
      () => prisma.team.create({ data: { id: "team_2", name: "Acme Ads", slug: "acme-ads" } }),
      () => prisma.user.create({ data: { id: "user_1", name: "Ada", email: "Ada@acme.example" } }),
      () => prisma.$queryRawUnsafe("SELEC 1"),
      () => pool.query("SELECT FROM nowhere"),
      () => prisma.auditEvent.deleteMany(),
    ];
    for (const ask of refused) {
      expect(await outcomeOf(ask)).toMatchObject({ hasFailed: true, isUnavailable: false });
    }
  });

  test("no ordinary query reads a secret's hash", async () => {
    await prisma.pepper.create({ data: { id: "p1", fingerprint: Buffer.from("f") } });
    await prisma.user.create({ data: { id: "user_1", name: "Ada", email: "ada@acme.example" } });
    const created = await prisma.apiKey.create({
      data: {
        id: "key_1",
        teamId: "team_1",
        createdById: "user_1",
        name: "BI dashboard",
        prefix: "lk_1a2B",
        secretHash: Buffer.alloc(32, 1),
        pepperId: "p1",
        permissions: ["campaigns:read"],
      },
    });
    expect(created).not.toHaveProperty("secretHash");
    expect(await prisma.apiKey.findMany()).toEqual([created]);
  });
});
