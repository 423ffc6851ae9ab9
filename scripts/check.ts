// `pnpm check`: everything that can be said about the code without running it. One line per step; a failing one shows
// its output at the end.
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

interface Outcome {
  readonly step: Step;
  readonly isOk: boolean;
  readonly output: string;
}

function run(step: Step): Promise<Outcome> {
  const startedAt = performance.now();
  const [program, ...args] = step.command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter) },
    });
    const chunks: Buffer[] = [];
    const finish = (isOk: boolean): void => {
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      console.log(`${isOk ? "ok    " : "FAILED"} ${step.name.padEnd(26)} ${seconds.padStart(5)} s`);
      resolve({ step, isOk, output: Buffer.concat(chunks).toString() });
    };
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => {
      chunks.push(Buffer.from(`${error.message}\n`));
      finish(false);
    });
    child.on("close", (code) => {
      if (code !== null) finish(code === 0);
    });
  });
}

/** Runs the steps in order, as many at a time as there are cores. */
async function runAll(steps: readonly Step[]): Promise<Outcome[]> {
  const waiting = [...steps];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) outcomes.push(await run(step));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return outcomes;
}

/** Every package with code of ours is type-checked: one without a tsconfig.json fails. */
function typeChecks(): Step[] {
  const packages = globSync("{apps,packages}/*/package.json", { cwd: root }).map(dirname);
  const others = ["e2e", "bench", "examples"].filter(
    (folder) => globSync(`${folder}/{,*/}*.ts`, { cwd: root }).length > 0,
  );
  return [".", ...packages.toSorted(), ...others].map((folder) => ({
    name: `tsc ${folder === "." ? "scripts" : folder}`,
    command: ["tsc", "-p", join(folder, "tsconfig.json")],
  }));
}

const generated = await runAll([
  { name: "generate prisma", command: ["node", "scripts/generate-prisma.ts"] },
  { name: "generate documents", command: ["node", "apps/admin/codegen.ts"] },
]);
const checked = await runAll([
  { name: "oxlint", command: ["oxlint"] },
  ...typeChecks(),
  { name: "knip", command: ["knip"] },
  { name: "oxfmt --check", command: ["oxfmt", "--check", "."] },
]);

const failures = [...generated, ...checked].filter(({ isOk }) => !isOk);
for (const { step, output } of failures) console.log(`\n--- ${step.name}: ${step.command.join(" ")}\n${output.trim()}`);
if (failures.length > 0) process.exitCode = 1;
