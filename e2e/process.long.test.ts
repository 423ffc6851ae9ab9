import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { callWithKey, signIn, type Answer } from "./client.ts";
import { lockKeys } from "./key-lock.ts";
import { killPostgres, postgresProcesses, postgresUrl } from "./postgres-processes.ts";
import { endProducts, launch, newDataDir, startProduct, statusOf, type Launched } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

/** A DATA_DIR with the demo and one more key, its server stopped: what most tests start from a copy of. */
let prepared: string;
/** That key, which no start replaces. */
let key: { readonly id: string; readonly secret: string };
let firstPrintedKey: string;
let wholeDemo: object[];

beforeAll(async () => {
  const product = await startSeededProduct();
  ({ dataDir: prepared, printedKey: firstPrintedKey } = product);
  key = await (await signIn(product)).createKey("Kept over restarts");
  wholeDemo = await tellDemo(prepared);
  await product.stop();
});
afterAll(endProducts);

async function failedStart(launched: Launched): Promise<string> {
  expect(await launched.exit).toEqual({ code: 1, signal: null });
  return launched.output().trim();
}

describe("starting", () => {
  test("the second start serves again: keys stay, and the printed one is replaced by a new one", async () => {
    const product = await startProduct({ dataDir: await newDataDir(prepared) });
    expect(await callWithKey(product, key.secret)).toMatchObject({ status: 200 });
    expect(await callWithKey(product, firstPrintedKey)).toMatchObject({ status: 401, code: "key_revoked" });
    expect(product.printedKey).not.toBe(firstPrintedKey);
    expect(await callWithKey(product, product.printedKey)).toMatchObject({ status: 200 });
    await product.stop();
    expect(postgresProcesses(product.dataDir)).toEqual([]);
  });

  test("after kill -9 of the server and PostgreSQL the next start serves what was there", async () => {
    const dataDir = await newDataDir(prepared);
    const killed = await startProduct({ dataDir });
    const owner = await signIn(killed);
    const revoked = await owner.createKey("Revoked before the kill");
    await owner.revokeKey(revoked.id);
    await killed.kill();
    await killPostgres(dataDir);

    const product = await startProduct({ dataDir });
    expect(await callWithKey(product, key.secret)).toMatchObject({ status: 200 });
    expect(await callWithKey(product, revoked.secret)).toMatchObject({ status: 401, code: "key_revoked" });
    await product.stop();
  });

  test("without the demo it starts empty and says how to make the first person", async () => {
    const product = await startProduct({ env: { DEMO: "false" } });
    expect(product.output()).toContain("pnpm user:create");
    expect(product.printedKey).toBe("");
    expect(await runSql(postgresUrl(product.dataDir), 'SELECT FROM "user"')).toEqual([]);
    await product.stop();
  });

  test("a demo whose telling was killed half-way is completed by the next start, which replaces the PostgreSQL left behind", async () => {
    const dataDir = await newDataDir();
    const killed = await launch({ dataDir });
    await untilKeys(dataDir, 14);
    process.kill(killed.pid, "SIGKILL");
    await killed.exit;
    expect(killed.output()).not.toContain("Latchkey is running");
    const leftBehind = postgresProcesses(dataDir)[0];
    expect(leftBehind).toBeDefined();
    // A kill may also fall between two writes that belong together.
    await runSql(
      postgresUrl(dataDir),
      `DELETE FROM account WHERE user_id = (SELECT id FROM "user" WHERE email = 'viewer@acme.example');
       DELETE FROM api_key_last_used WHERE key_id = (SELECT id FROM api_key WHERE name = 'Laptop of the intern');
       ALTER TABLE api_key DISABLE TRIGGER api_key_keeps_its_identity;
       UPDATE api_key SET revoked_at = NULL, revoked_by_id = NULL WHERE name = 'Laptop of the intern';
       ALTER TABLE api_key ENABLE ALWAYS TRIGGER api_key_keeps_its_identity`,
    );

    const product = await startProduct({ dataDir });
    expect(postgresProcesses(dataDir)[0]).not.toBe(leftBehind);
    expect(await tellDemo(dataDir)).toEqual(wholeDemo);
    for (const email of ["viewer@acme.example", "admin@globex.example", "super@latchkey.example"]) {
      await signIn(product, email);
    }
    await product.stop();
  });
});

async function untilKeys(dataDir: string, count: number): Promise<void> {
  for (;;) {
    try {
      const keys = await runSql(postgresUrl(dataDir), "SELECT FROM api_key");
      if (keys.length >= count) return;
    } catch {
      // PostgreSQL is not there yet, or not migrated.
    }
    await sleep(20);
  }
}

/** The demo as it is stored, but for its instants, and for what the starts and tests have made beside it. */
function tellDemo(dataDir: string): Promise<object[]> {
  return runSql(
    postgresUrl(dataDir),
    `SELECT team.slug, key.name, key.permissions, key.expires_at IS NOT NULL AS expires,
            key.revoked_at IS NOT NULL AS is_revoked, used.last_used_ip, used.refused_since_revocation AS refused
       FROM api_key key JOIN team ON team.id = key.team_id LEFT JOIN api_key_last_used used ON used.key_id = key.id
      WHERE key.name NOT IN ('Printed at start', 'Kept over restarts') ORDER BY team.slug, key.name`,
  );
}

describe("a start that cannot be", () => {
  test("a second server on the same DATA_DIR says who has it and ends; the first serves on", async () => {
    const first = await startProduct({ dataDir: await newDataDir(prepared) });
    const told = await failedStart(await launch({ dataDir: first.dataDir }));
    expect(told).toBe(
      `Another Latchkey server (pid ${first.pid}) is using ${first.dataDir}. Stop it, or set DATA_DIR to another folder.`,
    );
    expect(await callWithKey(first, key.secret)).toMatchObject({ status: 200 });

    const busy = await launch({ port: first.port, dataDir: await newDataDir(prepared) });
    expect(await failedStart(busy)).toBe(
      `Port ${first.port} is taken by another program. Stop that one, or set PORT to another number.`,
    );
    expect(postgresProcesses(busy.dataDir)).toEqual([]);
    await first.stop();
  });

  test("wrong settings are told all at once, each with its mend", async () => {
    const env = {
      PORT: "http",
      HOST: "0.0.0.0",
      DEMO: "maybe",
      SIGN_UP: "all",
      DATABASE_URL: "mysql://db",
      LOG_LEVEL: "loud",
    };
    const launched = await launch({ env });
    const [heading, ...problems] = (await failedStart(launched)).split("\n").map((line) => line.trim());
    expect(heading).toMatch(/^The settings have \d+ problems:$/);
    for (const name of [
      ...Object.keys(env).filter((name) => name !== "HOST"),
      "PUBLIC_URL",
      "BETTER_AUTH_SECRET",
      "API_KEY_PEPPERS",
    ]) {
      expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^${name} .*\\. \\S`)));
    }
    expect(postgresProcesses(launched.dataDir)).toEqual([]);
  });

  test("a changed pepper is refused with the reason, and nothing is changed", async () => {
    const dataDir = await newDataDir(prepared);
    const file = join(dataDir, "secrets.json");
    const good = await readFile(file, "utf8");
    const pepper = (JSON.parse(good) as { apiKeyPeppers: [{ id: string; secret: string }] }).apiKeyPeppers[0];
    const wrong = good.replace(pepper.secret, [...pepper.secret].toReversed().join(""));
    await writeFile(file, wrong);

    const told = await failedStart(await launch({ dataDir }));
    expect(told).toContain(`API_KEY_PEPPERS: the pepper "${pepper.id}" is not the one`);
    expect(told).toContain("Restore it");
    expect(told).not.toContain(pepper.secret);
    expect(await readFile(file, "utf8")).toBe(wrong);
    expect(postgresProcesses(dataDir)).toEqual([]);

    await writeFile(file, good);
    const product = await startProduct({ dataDir });
    expect(await callWithKey(product, key.secret)).toMatchObject({ status: 200 });
    await product.stop();
  });
});

describe("stopping", () => {
  // With keys in memory, as it is shipped; and without, so that every call waits for the database.
  test.each(["on", "off"])(
    "what was accepted is answered, last use is written, and it ends with 0 within 10 s (COHERENCE=%s)",
    { timeout: 120_000 },
    async (coherence) => {
      const dataDir = await newDataDir(prepared);
      const product = await startProduct({ dataDir, env: { COHERENCE: coherence } });
      const load = startLoad(product);
      await sleep(500);

      // No look-up of a key gets past this lock: where each call needs one, it is certainly in flight when the signal comes.
      const { released } = await lockKeys(dataDir, 0.25);
      const inFlight = Array.from({ length: 20 }, () => callWithKey(product, key.secret));
      await sleep(100);
      const askedAt = new Date();
      await product.stop();
      await released;
      for (const { status } of await Promise.all(inFlight)) expect(status).toBe(200);
      // What reached no server was not accepted; what did got its answer.
      expect(await load.end()).toEqual([200]);
      expect(await statusOf(`${product.url}/livez`)).toBe(null);

      const next = await startProduct({ dataDir });
      const { lastUsed } = (await (await signIn(next)).key(key.id)) ?? {};
      expect(Date.parse(lastUsed ?? "")).toBeGreaterThan(askedAt.getTime() - 1_000);
      await next.stop();
    },
  );
});

/** Calls until the server is gone; `end` tells which statuses there were. */
function startLoad(product: Launched): { end: () => Promise<number[]> } {
  const statuses = new Set<number>();
  const callOnAndOn = async () => {
    for (;;) {
      let answer: Answer;
      try {
        answer = await callWithKey(product, key.secret);
      } catch {
        return;
      }
      statuses.add(answer.status);
    }
  };
  const callers = Array.from({ length: 8 }, callOnAndOn);
  return {
    async end() {
      await Promise.all(callers);
      return [...statuses];
    },
  };
}
