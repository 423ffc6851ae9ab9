// `pnpm bench`: the shipped product on the embedded PostgreSQL, load from this process over loopback. Whatever is
// compared runs alternately in the same run; every figure is the median of its rounds. Writes bench/results.md.
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { endProducts, startProduct, type Product } from "../e2e/product.ts";
import { measureList } from "./list.ts";
import { measureVerification } from "./verification.ts";

const RESULTS = join(import.meta.dirname, "results.md");

async function run(product: Product): Promise<string> {
  const verification = await measureVerification(product);
  const list = await measureList(product);
  return `# Measured

On ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.version},
${process.platform}; load generator, server and PostgreSQL on the same machine. Taken on ${new Date().toISOString().slice(0, 10)} by \`pnpm bench\`.

## Verification

One process, 32 connections, rounds of 5 s, run alternately; medians. Verified calls that arrive together share one SQL statement;
each takes a token of its key's rate limit, in memory. The backoffice has raised the team's limit, so that none is refused.

| route | requests/s | p50 | p99 |
|---|---|---|---|
${verification.map(({ name, perSecond, p50, p99 }) => `| ${name} | ${Math.round(perSecond)} | ${p50} ms | ${p99} ms |`).join("\n")}

## A page of 50 keys among 10,000

GraphQL with creator, effective permissions and last use, one after the other; 200 requests each, run alternately.

| page | p50 | p95 |
|---|---|---|
${list.map(({ name, p50, p95 }) => `| ${name} | ${p50.toFixed(1)} ms | ${p95.toFixed(1)} ms |`).join("\n")}
`;
}

try {
  const results = await run(await startProduct());
  writeFileSync(RESULTS, results);
  process.stdout.write(results);
} finally {
  await endProducts();
}
