// `pnpm bench`: the shipped product on the embedded PostgreSQL, load from this process over loopback. Whatever is
// compared runs alternately in the same run; every figure is the median of its rounds. Prints what was wanted beside
// what was measured, and writes bench/results.md. `pnpm bench <name…>` measures a part and writes nothing.
import { cpus, totalmem } from "node:os";
import { endProducts, startProduct } from "../e2e/product.ts";
import { measureAudit } from "./audit.ts";
import { measureExport } from "./export.ts";
import { measureGraphQL } from "./graphql.ts";
import { measureActivity } from "./activity.ts";
import { measureBurst } from "./burst.ts";
import { measureCacheMemory } from "./cache-memory.ts";
import { measureLimiterStores } from "./limiter-stores.ts";
import { measureRevocation } from "./revocation.ts";
import { tableOf, writeSection } from "./results.ts";
import type { Row } from "./row.ts";
import { seedAuditEvents } from "./seed-audit.ts";
import { measureServerMemory } from "./server-memory.ts";
import { measureStatements } from "./statements.ts";
import { measureVerification } from "./verification.ts";

type Parts = Readonly<Record<string, () => Row[] | Promise<Row[]>>>;

/** Each starts what it needs, and leaves nothing behind. */
const EVERY: Parts = {
  memory: async () => [...measureCacheMemory(), ...(await measureServerMemory())],
  verification: async () => (await measureVerification(await startProduct())).rows,
  statements: measureStatements,
  graphql: async () => measureGraphQL(await startProduct()),
  burst: measureBurst,
  revocation: () => measureRevocation(),
  activity: () => measureActivity(),
};

/** What takes as long as all the others: `pnpm bench more`. */
const MORE: Parts = {
  stores: measureLimiterStores,
  // The files first: how much memory they take is seen on a server that did nothing else.
  audit: async () => {
    const product = await startProduct();
    await seedAuditEvents(product);
    return [...(await measureExport(product)), ...(await measureAudit(product))];
  },
};

function heading(minutes: number): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `On ${machine}, Node.js ${process.version}, ${process.platform}; load generator, server and PostgreSQL on the same machine. Taken on
${new Date().toISOString().slice(0, 10)} by \`pnpm bench\` in ${minutes.toFixed(1)} minutes. The shipped configuration: limiter and activity on.`;
}

const wanted = process.argv.slice(2);
const [first = "every"] = wanted;
const parts = { every: EVERY, more: MORE }[first] ?? onlyThose({ ...EVERY, ...MORE }, wanted);
const startedAt = Date.now();
const rows: Row[] = [];
try {
  for (const [name, measure] of Object.entries(parts)) {
    const begunAt = Date.now();
    rows.push(...(await measure()));
    await endProducts();
    process.stderr.write(`${name}: ${((Date.now() - begunAt) / 1_000).toFixed(0)} s\n`);
  }
} finally {
  await endProducts();
}
const introduction = heading((Date.now() - startedAt) / 60_000);
if (parts === EVERY) writeSection("Measured in every run", `${introduction}\n\n${tableOf(rows)}`);
if (parts === MORE) writeSection("Measured by `pnpm bench more`", `${introduction}\n\n${tableOf(rows)}`);
process.stdout.write(`${introduction}\n\n${tableOf(rows)}\n`);

function onlyThose(all: Parts, names: readonly string[]): Parts {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
