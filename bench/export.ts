import { signIn } from "../e2e/client.ts";
import type { Product } from "../e2e/product.ts";
import { resident } from "./resident.ts";
import { ceilingRow, type Row } from "./row.ts";
import { AUDIT_EVENTS } from "./seed-audit.ts";

const MEBIBYTE = 2 ** 20;

/** By how much the server grows while it exports a million events: the most that it ever held, over what it held before. */
export async function measureExport(product: Product): Promise<Row[]> {
  const session = await signIn(product, "owner@acme.example");
  const cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const rows: Row[] = [];
  for (const accept of ["text/csv", "application/x-ndjson"]) {
    // What a first export compiles and fills is kept for good.
    await take(`${product.url}/api/v1/audit-log?search=nobody`, accept, cookie);
    const before = resident(product.pid);
    let most = before;
    const sampling = setInterval(() => (most = Math.max(most, resident(product.pid))), 20);
    const startedAt = performance.now();
    const { lines, bytes } = await take(`${product.url}/api/v1/audit-log`, accept, cookie);
    const seconds = (performance.now() - startedAt) / 1_000;
    clearInterval(sampling);
    if (lines < AUDIT_EVENTS) throw new Error(`Only ${lines} lines came.`);
    const what = `Export of ${AUDIT_EVENTS.toLocaleString("en")} events as ${accept} (${Math.round(bytes / MEBIBYTE)} MiB in ${seconds.toFixed(0)} s): growth of memory`;
    rows.push(ceilingRow(what, (most - before) / 1e6, 60, "MB"));
  }
  return rows;
}

/** Reads as fast as it comes, and keeps nothing. */
async function take(url: string, accept: string, cookie: string): Promise<{ lines: number; bytes: number }> {
  const response = await fetch(url, { headers: { accept, cookie } });
  if (!response.ok || response.body === null) throw new Error(`The export answered ${response.status}.`);
  let lines = 0;
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 10) lines += 1;
  }
  return { lines, bytes };
}
