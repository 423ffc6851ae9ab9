import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { globSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// Each line is a file as somebody might write it; `refused` names the rule that has to stop it, null that none may.
// The files are written to a folder of their own and linted with the project's configuration.

const ROOT = join(import.meta.dirname, "..");
const KEYS = "apps/server/src/modules/api-keys";
const HASHED = `import { hashSecret } from "@latchkey/key-format/hash"; export const hash = hashSecret("a", "b");`;
const POOL = `import { Pool } from "pg"; export const pool = new Pool();`;
const POOL_TYPE = `import type { Pool } from "pg"; export type Source = Pool;`;
const PRISMA = `import { Prisma } from "../../generated/prisma/client.ts"; export const sql = Prisma.sql;`;
const PRISMA_TYPE = `import type { Prisma } from "../../generated/prisma/client.ts"; export type Where = Prisma.ApiKeyWhereInput;`;
const uses = (path: string): string => `import { thing } from "${path}"; export const used = thing;`;
const usesType = (path: string): string => `import type { Thing } from "${path}"; export type Used = Thing;`;

const IMPORT = "no-restricted-imports";
const PLANTED: readonly (readonly [file: string, code: string, refused: string | null])[] = [
  // Doors: one service call.
  [`${KEYS}/a.graphql.ts`, uses("./api-keys.service.ts"), null],
  [`${KEYS}/b.graphql.ts`, uses("./api-keys.repository.ts"), IMPORT],
  [`${KEYS}/c.graphql.ts`, usesType("./api-keys.repository.ts"), IMPORT],
  [`${KEYS}/d.graphql.ts`, PRISMA, IMPORT],
  [`${KEYS}/e.graphql.ts`, POOL, IMPORT],
  [`${KEYS}/f.graphql.ts`, uses("./api-keys.rest.ts"), IMPORT],
  [`${KEYS}/g.graphql.ts`, uses("./api-keys.policy.ts"), IMPORT],
  [`${KEYS}/h.graphql.ts`, `export const load = () => import("./api-keys.repository.ts");`, IMPORT],
  [`${KEYS}/a.rest.ts`, uses("../billing/billing.service.ts"), null],
  [`${KEYS}/b.rest.ts`, uses("../billing/billing.repository.ts"), IMPORT],
  [`${KEYS}/c.rest.ts`, PRISMA, IMPORT],
  [`${KEYS}/d.rest.ts`, POOL, IMPORT],
  [`${KEYS}/e.rest.ts`, uses("./api-keys.graphql.ts"), IMPORT],
  // Services: their own repository, other modules' services.
  [`${KEYS}/a.service.ts`, `${uses("./api-keys.repository.ts")}${usesType("../teams/teams.service.ts")}`, null],
  [`${KEYS}/b.service.ts`, uses("../teams/teams.repository.ts"), IMPORT],
  [`${KEYS}/c.service.ts`, usesType("../teams/teams.repository.ts"), IMPORT],
  [`${KEYS}/d.service.ts`, PRISMA, IMPORT],
  [`${KEYS}/e.service.ts`, PRISMA_TYPE, null],
  [`${KEYS}/f.service.ts`, POOL, IMPORT],
  [`${KEYS}/i.service.ts`, uses("@redis/client"), IMPORT],
  [`${KEYS}/g.service.ts`, uses("./api-keys.rest.ts"), IMPORT],
  [`${KEYS}/h.service.ts`, HASHED, IMPORT],
  // Policies and files without a suffix: contracts.
  [`${KEYS}/a.policy.ts`, `${usesType("@latchkey/types/actor")}${uses("./key-standing.ts")}`, null],
  [`${KEYS}/b.policy.ts`, usesType("./api-keys.repository.ts"), IMPORT],
  [`${KEYS}/c.policy.ts`, uses("./api-keys.service.ts"), IMPORT],
  [`${KEYS}/d.policy.ts`, uses("../../platform/database/database.ts"), IMPORT],
  [`${KEYS}/pure-a.ts`, `${uses("@latchkey/types/plans")}${usesType("./api-keys.repository.ts")}`, null],
  [`${KEYS}/pure-b.ts`, uses("./api-keys.repository.ts"), IMPORT],
  [`${KEYS}/pure-c.ts`, uses("../teams/teams.service.ts"), IMPORT],
  [`${KEYS}/pure-d.ts`, uses("../../platform/database/database.ts"), IMPORT],
  [`${KEYS}/pure-e.ts`, `import { readFileSync } from "node:fs"; export const read = readFileSync;`, IMPORT],
  [`${KEYS}/pure-f.ts`, PRISMA, IMPORT],
  [`${KEYS}/pure-g.ts`, `export { thing } from "./api-keys.repository.ts";`, IMPORT],
  // Repositories: the database, but not its driver, and nobody else's tables.
  [`${KEYS}/a.repository.ts`, PRISMA, null],
  [`${KEYS}/b.repository.ts`, POOL_TYPE, IMPORT],
  [`${KEYS}/c.repository.ts`, uses("../teams/teams.repository.ts"), IMPORT],
  [`${KEYS}/d.repository.ts`, uses("./api-keys.service.ts"), IMPORT],
  [`${KEYS}/e.repository.ts`, HASHED, IMPORT],
  // Hashes: verification only. The driver: where every call passes.
  [`${KEYS}/verification/hash.ts`, HASHED, null],
  [`${KEYS}/verification/lookup.repository.ts`, POOL, null],
  [`${KEYS}/verification/pure.ts`, POOL, IMPORT],
  ["apps/server/src/modules/rate-limit/store.repository.ts", POOL, null],
  ["apps/server/src/modules/rate-limit/a.repository.ts", HASHED, IMPORT],
  ["apps/server/src/modules/rate-limit/b.repository.ts", uses("../teams/teams.repository.ts"), IMPORT],
  ["apps/server/src/modules/rate-limit/pure.ts", POOL, IMPORT],
  ["apps/server/src/modules/activity/store.repository.ts", POOL, null],
  ["apps/server/src/modules/activity/a.repository.ts", uses("../teams/teams.repository.ts"), IMPORT],
  ["apps/server/src/modules/activity/pure.ts", POOL, IMPORT],
  [`${KEYS}/hash.ts`, HASHED, IMPORT],
  [`${KEYS}/hash-all.ts`, `import * as hashing from "@latchkey/key-format/hash"; export const hash = hashing;`, IMPORT],
  ["apps/server/src/identity/hash.ts", HASHED, IMPORT],
  ["apps/server/src/platform/hash.ts", HASHED, IMPORT],
  ["apps/server/src/hash.ts", HASHED, IMPORT],
  ["scripts/hash.ts", HASHED, IMPORT],
  [`${KEYS}/verification/read.ts`, `export const read = (row: { secretHash: string }) => row.secretHash;`, null],
  [
    `${KEYS}/read.ts`,
    `export const read = (row: Record<"a", string> & any) => row.secretHash;`,
    "no-restricted-properties",
  ],
  [`${KEYS}/take.ts`, `export const take = ({ secretHash: hash }: any) => hash;`, "no-restricted-properties"],
  [`${KEYS}/select.repository.ts`, `export const select = { id: true, secretHash: true };`, "id-denylist"],
  ["apps/server/src/demo/seed.ts", `export const row = { secretHash: "x" };`, "id-denylist"],
  // The rest of the server.
  ["apps/server/src/platform/pool.ts", POOL, null],
  ["apps/server/src/app.ts", POOL, IMPORT],
  ["apps/server/src/composition.ts", uses("./modules/api-keys/api-keys.repository.ts"), null],
  ["apps/server/src/identity/session.ts", uses("../modules/people/people.repository.ts"), IMPORT],
  ["apps/server/src/demo/story.ts", uses("../modules/api-keys/api-keys.repository.ts"), IMPORT],
  ["apps/server/src/page.ts", uses("../../admin/src/app/app.tsx"), IMPORT],
  ["apps/server/src/port.ts", `export const port = process.env["PORT"];`, "no-process-env"],
  ["apps/server/src/main.ts", `export const environment = process.env;`, null],
  // The page and the packages.
  ["apps/admin/src/app/router.tsx", uses("../features/sign-in/sign-in-page.tsx"), null],
  ["apps/admin/src/features/members/a.tsx", uses("../../components/brand.tsx"), null],
  ["apps/admin/src/features/members/b.tsx", uses("../api-keys/api-keys-page.tsx"), IMPORT],
  ["apps/admin/src/features/members/c.tsx", uses("../../features/api-keys/api-keys-page.tsx"), IMPORT],
  ["apps/admin/src/features/members/deep/d.tsx", uses("../members-page.tsx"), null],
  ["apps/admin/src/features/members/deep/e.tsx", uses("../../api-keys/api-keys-page.tsx"), IMPORT],
  ["apps/admin/src/features/members/f.tsx", usesType("../../../../server/src/config.ts"), IMPORT],
  ["apps/admin/src/components/g.tsx", uses("../features/api-keys/api-keys-page.tsx"), IMPORT],
  ["apps/admin/src/components/h.tsx", uses("@apollo/client/react"), IMPORT],
  ["apps/admin/src/session/i.ts", uses("@latchkey/server/config"), IMPORT],
  ["apps/admin/src/session/j.ts", HASHED, IMPORT],
  ["apps/admin/src/session/k.ts", uses("@latchkey/key-format/secret"), null],
  ["packages/types/src/a.ts", uses("../../../apps/server/src/config.ts"), IMPORT],
  ["packages/key-format/src/b.ts", `import { readFileSync } from "node:fs"; export const read = readFileSync;`, IMPORT],
  // What the house rules refuse everywhere.
  ["apps/server/src/floating.ts", `export function start(): void { Promise.resolve(1); }`, "no-floating-promises"],
  ["apps/server/src/any.ts", `export const anything: any = 1;`, "no-explicit-any"],
  ["apps/server/src/ignored.ts", `// @ts-ignore\nexport const one = 1;`, "ban-ts-comment"],
  ["apps/server/src/default.ts", `export default 1;`, "no-default-export"],
  ["apps/server/src/barrel.ts", `export * from "./any.ts";`, "no-barrel-file"],
  ["apps/server/src/later.ts", `// TODO: later\nexport const one = 1;`, "no-warning-comments"],
  ["apps/server/src/skipped.test.ts", `import { test } from "vitest"; test.skip("x", () => {});`, "no-disabled-tests"],
];

/** By file, the names of the rules that spoke. */
const found = new Map<string, Set<string>>();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-lint-"));
  for (const file of ["oxlint.config.ts", "tsconfig.base.json"]) await copyFile(join(ROOT, file), join(folder, file));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "./tsconfig.base.json",
      compilerOptions: { types: [], jsx: "react-jsx" },
      include: ["**/*"],
    }),
  );
  for (const [file, code] of PLANTED) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `${code}\n`);
  }
  const report = await new Promise<string>((resolve, reject) => {
    const oxlint = join(ROOT, "node_modules/.bin/oxlint");
    execFile(
      oxlint,
      ["--format", "json"],
      { cwd: folder, maxBuffer: 1 << 26, timeout: 30_000 },
      (error, stdout, stderr) => {
        if (error !== null && error.code !== 1) reject(new Error(`oxlint did not run: ${stderr}${stdout}`));
        else resolve(stdout);
      },
    );
  });
  const { diagnostics } = JSON.parse(report) as { diagnostics: { code: string; filename: string }[] };
  for (const { code, filename } of diagnostics) {
    const rules = found.get(filename) ?? new Set();
    found.set(filename, rules.add(/\(([^)]+)\)/.exec(code)?.[1] ?? code));
  }
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe("a planted file is refused by its rule, and its well-behaved neighbour is not", () => {
  test.each(PLANTED)("%s: %s -> %s", (file, _, refused) => {
    const rules = found.get(file) ?? new Set();
    if (refused === null) expect([...rules]).toEqual([]);
    else expect([...rules]).toContain(refused);
  });
});

test("the column of the hash is named in verification and in no other code that is written by hand", async () => {
  const files = globSync("apps/server/src/**/*.ts", { cwd: ROOT, exclude: ["**/generated/**", "**/*.test.ts"] });
  const naming: string[] = [];
  for (const file of files) {
    if (/secret_hash/.test(await readFile(join(ROOT, file), "utf8"))) naming.push(file);
  }
  expect(naming.filter((file) => !file.startsWith(`${KEYS}/verification/`))).toEqual([]);
  expect(naming).not.toEqual([]);
});
