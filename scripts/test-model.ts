// `pnpm test:model`: spin searches the model of the protocol by which revocations hold everywhere
// (apps/server/src/platform/coherence/model/lease.pml), as it is and with every planted fault, which it has to find.
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "./find-program.ts";

const MODEL = join(import.meta.dirname, "../apps/server/src/platform/coherence/model/lease.pml");
const RULES = ["R1", "R2", "R3", "R4", "R5", "R6", "R7"];
/** What the protocol promises. Any other assertion that fails is a mistake in the model. */
const BROKEN_PROMISE = /assertion violated .*(isAcknowledged|askedAfter)/;
/** Then the search has not seen all it was to see. */
const CUT_SHORT = /search depth too small|out of memory|MEMLIM/;
const LIMIT_MILLISECONDS = 200_000;
const MAX_MEGABYTES = 2_500;

interface Search {
  readonly title: string;
  readonly macros: readonly string[];
  /** 2 to this power bits remember the states, which may overlook some. Null: exhaustive. */
  readonly bits: number | null;
  readonly isFaulty: boolean;
}

interface Outcome {
  readonly search: Search;
  readonly isPassed: boolean;
  readonly states: number | null;
  readonly seconds: number;
  readonly output: string;
}

const CORRECT: readonly Search[] = [
  { title: "three servers", macros: ["SERVERS=3"], bits: 23, isFaulty: false },
  { title: "one server, exhaustively", macros: [], bits: null, isFaulty: false },
  { title: "one server whose row may be deleted", macros: ["DELETER", "FAULTS=1"], bits: 24, isFaulty: false },
];

/** Faults that show only where there is more than one server, one row more, or less of everything else. */
const SETTINGS_OF_FAULTS: Readonly<Record<string, readonly string[]>> = {
  R4_OWN_ROW_SKIPPED: ["SERVERS=2", "FAULTS=0", "LAST=3", "LEASE=1"],
  R4_MOVING_ROW_DELETED: ["DELETER", "RENEWALS=3", "FAULTS=0", "LAST=5"],
};

async function plantedFaults(): Promise<Search[]> {
  const model = await readFile(MODEL, "utf8");
  const names = [...new Set(model.match(/\bR\d_[A-Z_]+\b/g))].toSorted();
  const missing = RULES.filter((rule) => !names.some((name) => name.startsWith(`${rule}_`)));
  if (missing.length > 0) throw new Error(`No fault is planted against ${missing.join(", ")}.`);
  return names.map((name) => ({
    title: name,
    macros: [name, ...(SETTINGS_OF_FAULTS[name] ?? [])],
    bits: null,
    isFaulty: true,
  }));
}

const run = promisify(execFile);

/** Generates, compiles and runs one search in a folder of its own. */
async function search(what: Search): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-model-"));
  const startedAt = performance.now();
  let output = "";
  try {
    await copyFile(MODEL, join(folder, "lease.pml"));
    const macros = what.macros.map((macro) => `-D${macro}`);
    const options = { cwd: folder, timeout: LIMIT_MILLISECONDS, killSignal: "SIGKILL" as const };
    await run("spin", ["-a", ...macros, "lease.pml"], options);
    const memory = what.bits === null ? [] : ["-DBITSTATE"];
    // A fault is found sooner than the compiler makes its search fast, with the servers' steps tried before the
    // writer's. Without warnings: gcc does not see that spin checks the bounds of an array of one.
    const pace = what.isFaulty ? ["-O0", "-DREVERSE"] : ["-O2"];
    const compile = ["-w", ...pace, "-DSAFETY", `-DMEMLIM=${MAX_MEGABYTES}`, ...memory, "-o", "pan", "pan.c"];
    await run("gcc", compile, options);
    const found = await run("./pan", ["-m100000", ...(what.bits === null ? [] : [`-w${what.bits}`])], options);
    output = found.stdout;
    if (!what.isFaulty && !/errors: 0$/m.test(output)) {
      output += (await run("spin", ["-t", "-p", "-g", ...macros, "lease.pml"], options)).stdout;
    }
  } catch (error) {
    output += String(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const isPassed = what.isFaulty ? BROKEN_PROMISE.test(output) : /errors: 0$/m.test(output) && !CUT_SHORT.test(output);
  const states = /(\d+) states, stored/.exec(output)?.[1] ?? null;
  const seconds = (performance.now() - startedAt) / 1_000;
  return { search: what, isPassed, states: states === null ? null : Number(states), seconds, output };
}

function report({ search: { title, isFaulty }, isPassed, states, seconds, output }: Outcome): void {
  const verdict = isFaulty ? (isPassed ? "is found" : "is NOT found") : isPassed ? "holds" : "does NOT hold";
  const size = states === null ? "no states" : `${states.toLocaleString("en")} states`;
  console.log(`${isPassed ? "ok    " : "FAILED"} ${title.padEnd(36)} ${verdict}, ${size}, ${seconds.toFixed(1)} s`);
  if (!isPassed) console.log(output);
}

async function searchAll(): Promise<number> {
  const waiting = [...CORRECT, ...(await plantedFaults())];
  let passed = 0;
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const outcome = await search(next);
      report(outcome);
      if (outcome.isPassed) passed += 1;
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed;
}

const missing = ["spin", "gcc"].filter((program) => findProgram(program) === null);
if (missing.length > 0) {
  console.error(`This test needs ${missing.join(" and ")}: apt-get install spin gcc libc6-dev.`);
  process.exitCode = 1;
} else if ((await searchAll()) > 0) {
  process.exitCode = 1;
}
