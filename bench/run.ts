// `pnpm bench`: the shipped product on the embedded PostgreSQL, load from this process over loopback. Whatever is
// compared runs alternately in the same run; every figure is the median of its rounds. Prints what was wanted beside
// what was measured, and writes bench/results.md. `pnpm bench <name…>` measures a part and writes nothing.
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { endProducts, startProduct } from "../e2e/product.ts";
import { measureAudit } from "./audit.ts";
import { measureExport } from "./export.ts";
import { measureGraphQL } from "./graphql.ts";
import { measureActivity } from "./activity.ts";
import { measureBurst } from "./burst.ts";
import { measureCacheMemory } from "./cache-memory.ts";
import { measureLimiterStores } from "./limiter-stores.ts";
import { measureRevocation } from "./revocation.ts";
import type { Row } from "./row.ts";
import { measureServerMemory } from "./server-memory.ts";
import { measureVerification } from "./verification.ts";

const RESULTS = join(import.meta.dirname, "results.md");

/** Each starts what it needs, and leaves nothing behind. */
const PARTS: Readonly<Record<string, () => Row[] | Promise<Row[]>>> = {
  memory: async () => [...measureCacheMemory(), ...(await measureServerMemory())],
  verification: async () => (await measureVerification(await startProduct())).rows,
  graphql: async () => measureGraphQL(await startProduct()),
  burst: measureBurst,
  stores: measureLimiterStores,
  revocation: () => measureRevocation(),
  activity: () => measureActivity(),
  audit: measureAudit,
  export: measureExport,
};

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ what, measured, wanted, passes }) => `| ${what} | ${wanted} | ${measured} | ${passes ? "pass" : "**fail**"} |`,
  );
  return ["| what | wanted | measured | |", "|---|---|---|---|", ...lines].join("\n");
}

function page(rows: readonly Row[], minutes: number): string {
  return `# Measured

On ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.version}, ${process.platform}; load generator, server and PostgreSQL on
the same machine. Taken on ${new Date().toISOString().slice(0, 10)} by \`pnpm bench\` in ${minutes.toFixed(1)} minutes. The shipped configuration: limiter and activity on.

${table(rows)}
`;
}

const wanted = process.argv.slice(2);
const startedAt = Date.now();
const rows: Row[] = [];
try {
  for (const [name, measure] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    rows.push(...(await measure()));
    await endProducts();
  }
} finally {
  await endProducts();
}
const results = page(rows, (Date.now() - startedAt) / 60_000);
if (wanted.length === 0) writeFileSync(RESULTS, results);
process.stdout.write(results);
