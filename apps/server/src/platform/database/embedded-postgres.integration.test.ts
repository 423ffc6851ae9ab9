import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startScript, type ChildScript } from "../../../test/database/child-script.ts";
import { quietLog } from "../../../test/database/quiet-log.ts";
import { runSql } from "../../../test/database/run-sql.ts";
import { isAlive } from "./data-dir-lock.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded-postgres.ts";

const HOLD_POSTGRES = join(import.meta.dirname, "../../../test/database/hold-postgres.ts");

let prepared: string;
let parent: string;
let dataDir: string;
const running: EmbeddedPostgres[] = [];
const children: ChildScript[] = [];

beforeAll(async () => {
  prepared = mkdtempSync(join(tmpdir(), "latchkey-prepared-"));
  await (await startEmbeddedPostgres({ dataDir: prepared, log: quietLog, durable: false })).stop();
}, 60_000);

afterAll(() => {
  rmSync(prepared, { recursive: true, force: true });
});

/** Spares a test that is not about the first start its initdb. */
function copyPrepared(): void {
  cpSync(prepared, dataDir, { recursive: true });
}

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "latchkey-embedded-"));
  dataDir = join(parent, "data");
});

afterEach(async () => {
  const ending = children.splice(0);
  for (const child of ending) child.process.kill("SIGTERM");
  await Promise.all(ending.map((child) => child.outcome));
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
  rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function start(): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: quietLog, durable: false });
  running.push(postgres);
  return postgres;
}

/** A start that was killed for good: its process, and what is told about it. */
async function startInChild(): Promise<{ child: ChildScript; url: string; postmaster: number }> {
  const child = startScript(HOLD_POSTGRES, dataDir);
  children.push(child);
  const url = await child.firstLine;
  if (url === null) throw new Error((await child.outcome).stderr);
  return { child, url, postmaster: postmasterPid() };
}

function postmasterPid(): number {
  return Number.parseInt(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8"), 10);
}

/** Null while there is none, or while it still starts: its file is away for a moment between two postmasters. */
function readyPostmasterPid(): number | null {
  try {
    const file = readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8");
    return file.includes("ready") ? Number.parseInt(file, 10) : null;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; !isTrue(); attempt += 1) {
    if (attempt > 1_000) throw new Error("It did not become true");
    await sleep(10);
  }
}

const readNotes = (url: string) => runSql<{ text: string }>(url, "SELECT text FROM note");
const writeNote = (url: string) => runSql(url, "CREATE TABLE note AS SELECT 'kept'::text AS text");

describe("starting", { timeout: 60_000 }, () => {
  test("a second start in the same folder finds what the first one wrote", async () => {
    const first = await start();
    expect(first.isFresh).toBe(true);
    await writeNote(first.url);
    await first.stop();
    const second = await start();
    expect(second.isFresh).toBe(false);
    expect(await readNotes(second.url)).toEqual([{ text: "kept" }]);
  });

  test("works below a path longer than a socket's may be, and lets only its owner in", async () => {
    dataDir = join(parent, "x".repeat(100), "y".repeat(100));
    const { url } = await start();
    expect(await runSql(url, "SHOW timezone")).toEqual([{ TimeZone: "UTC" }]);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, "postgres")).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, "postgres/latchkey.password")).mode & 0o777).toBe(0o600);
  });

  test("sorts names by code point and keeps every character", async () => {
    copyPrepared();
    const { url } = await start();
    const rows = await runSql(
      url,
      "SELECT string_agg(n, '' ORDER BY n) AS names, lower('ÄÉ') AS lower FROM unnest('{b,Z,ä,a}'::text[]) n",
    );
    expect(rows).toEqual([{ names: "Zabä", lower: "äé" }]);
  });

  test("the log holds neither statements nor values, also not those of errors", async () => {
    copyPrepared();
    const { url } = await start();
    await writeNote(url);
    await runSql(url, "CREATE UNIQUE INDEX ON note (text)");
    await expect(runSql(url, "INSERT INTO note VALUES ($1)", ["kept"])).rejects.toThrow("duplicate key");
    await expect(runSql(url, "SELECT 'hidden-literal' FROM nowhere")).rejects.toThrow("nowhere");
    await expect(runSql(url, "SELECT $1::int", ["hidden-parameter"])).rejects.toThrow("hidden-parameter");
    const log = readFileSync(join(dataDir, "postgres.log"), "utf8");
    expect(log).toContain("ready to accept connections");
    expect(log).not.toMatch(/hidden-literal|\(text\)=|INSERT INTO/);
  });
});

describe("after a kill", { timeout: 60_000 }, () => {
  beforeEach(copyPrepared);

  test("a postmaster whose server was killed is stopped and replaced", async () => {
    const { child, url, postmaster } = await startInChild();
    await writeNote(url);
    child.process.kill("SIGKILL");
    await child.outcome;
    expect(isAlive(postmaster)).toBe(true);
    const second = await start();
    expect(postmasterPid()).not.toBe(postmaster);
    await expect(runSql(url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
    expect(await readNotes(second.url)).toEqual([{ text: "kept" }]);
  });

  test("also one that was stopped (SIGSTOP) at that moment", async () => {
    const { child, postmaster } = await startInChild();
    process.kill(postmaster, "SIGSTOP");
    child.process.kill("SIGKILL");
    await child.outcome;
    await start();
    expect(postmasterPid()).not.toBe(postmaster);
  });

  test("with server and postmaster killed, the next start recovers what was committed", async () => {
    const { child, url, postmaster } = await startInChild();
    await writeNote(url);
    child.process.kill("SIGKILL");
    process.kill(postmaster, "SIGKILL");
    await child.outcome;
    expect(existsSync(join(dataDir, "postgres/postmaster.pid"))).toBe(true);
    expect(await readNotes((await start()).url)).toEqual([{ text: "kept" }]);
  });

  test("a backend that outlived its postmaster does not keep the next start away", async () => {
    const { child, url, postmaster } = await startInChild();
    const busy = runSql(url, "SELECT count(*) FROM generate_series(1, 10000000000)").catch(() => "ended");
    await sleep(300);
    child.process.kill("SIGKILL");
    process.kill(postmaster, "SIGKILL");
    await child.outcome;
    await start();
    expect(await busy).toBe("ended");
  });

  test("a postmaster.pid that names an unrelated process by now does not keep it from starting", async () => {
    await (await start()).stop();
    running.length = 0;
    const stranger = startScript("-e", "setTimeout(() => {}, 60_000)");
    children.push(stranger);
    writeFileSync(join(dataDir, "postgres/postmaster.pid"), `${stranger.process.pid}\n${dataDir}/postgres\n1\n5432\n`);
    await start();
    expect(isAlive(stranger.process.pid ?? 0)).toBe(true);
  });

  test("a postmaster that dies under a running server comes back on the same port", async () => {
    const { url } = await start();
    await writeNote(url);
    const postmaster = postmasterPid();
    process.kill(postmaster, "SIGKILL");
    await until(() => ![null, postmaster].includes(readyPostmasterPid()));
    expect(await readNotes(url)).toEqual([{ text: "kept" }]);
  });

  test("a stop during such a restart ends it", async () => {
    const postgres = await start();
    process.kill(postmasterPid(), "SIGKILL");
    await sleep(50);
    await postgres.stop();
    await expect(runSql(postgres.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  });
});

describe("one server per folder", { timeout: 60_000 }, () => {
  test("a second server is told who uses the folder and what to do", async () => {
    copyPrepared();
    const { child } = await startInChild();
    await expect(start()).rejects.toThrow(
      `Another Latchkey server (pid ${child.process.pid}) is using ${dataDir}. Stop it, or set DATA_DIR to another folder.`,
    );
  });

  test("of three that start in the same instant on an empty folder exactly one wins", async () => {
    const starters = [1, 2, 3].map(() => startScript(HOLD_POSTGRES, dataDir));
    children.push(...starters);
    const urls = await Promise.all(starters.map((starter) => starter.firstLine));
    expect(urls.filter((url) => url !== null)).toHaveLength(1);
    const losers = starters.filter((_starter, index) => urls[index] === null);
    for (const loser of losers) {
      expect(await loser.outcome).toEqual({
        exitCode: 1,
        stderr: expect.stringContaining(`is using ${dataDir}. Stop it`),
      });
    }
  });

  test("a stopped server leaves the folder to the next, and nothing running", async () => {
    copyPrepared();
    const { child, postmaster } = await startInChild();
    child.process.kill("SIGTERM");
    expect(await child.outcome).toEqual({ exitCode: 0, stderr: "" });
    expect(isAlive(postmaster)).toBe(false);
    expect(existsSync(join(dataDir, "postgres/postmaster.pid"))).toBe(false);
    await start();
  });
});

describe("setting up", { timeout: 60_000 }, () => {
  test("an initdb that was killed leaves nothing that the next start stumbles over", async () => {
    const child = startScript(HOLD_POSTGRES, dataDir);
    await until(
      () => existsSync(dataDir) && readdirSync(dataDir).some((name) => existsSync(join(dataDir, name, "base"))),
    );
    child.process.kill("SIGKILL");
    await child.outcome;
    expect(existsSync(join(dataDir, "postgres"))).toBe(false);
    const { url, isFresh } = await start();
    expect(isFresh).toBe(true);
    await writeNote(url);
    expect(readdirSync(dataDir).filter((name) => name.includes("initdb"))).toEqual([]);
  });

  test("a data folder that cannot be one is refused with what to set", async () => {
    writeFileSync(dataDir, "a file");
    await expect(start()).rejects.toThrow(/^Cannot use .* for data .*Set DATA_DIR to a folder of your own\.$/);
  });

  test("a cluster whose password is lost is refused with the way out", async () => {
    mkdirSync(join(dataDir, "postgres"), { recursive: true });
    await expect(start()).rejects.toThrow(
      "Restore it from the backup of this folder, or set DATA_DIR to another folder.",
    );
  });
});
