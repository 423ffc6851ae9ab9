import { alternate } from "./load.ts";
import { withDeployments, type StoreKind } from "./limiter-deployment.ts";
import type { Row } from "./row.ts";

const KINDS = ["memory", "postgres", "redis"] as const satisfies readonly StoreKind[];
const KEYS = 20;

/** What it costs a verified call to be counted elsewhere: one hot key, and many in turn, beside a memory store. */
export async function measureLimiterStores(): Promise<Row[]> {
  const rows: Row[] = [];
  await withDeployments(async (deploy) => {
    const targets = [];
    for (const kind of KINDS) {
      const { addresses, newKey } = await deploy(kind, 1);
      const url = `${addresses[0]}/api/v1/auth/me`;
      const keys: string[] = [];
      while (keys.length < KEYS) keys.push(await newKey(1_000_000));
      const inTurn = keys.map((key) => ({ "x-api-key": key }));
      targets.push({ name: kind, url, headers: { "x-api-key": keys[0] ?? "" } });
      targets.push({ name: `${kind}, ${KEYS} keys`, url, inTurn });
    }
    const loads = await alternate(targets);
    for (const many of ["", `, ${KEYS} keys`]) {
      const memory = loads[`memory${many}`]?.perSecond ?? Number.NaN;
      for (const kind of ["redis", "postgres"]) {
        const { perSecond = Number.NaN, p99 = Number.NaN } = loads[`${kind}${many}`] ?? {};
        rows.push({
          what: `verified call counted in ${kind} / in memory${many === "" ? ", one hot key" : many}`,
          measured: `${(perSecond / memory).toFixed(2)} (${Math.round(perSecond)} of ${Math.round(memory)} requests/s, p99 ${p99} ms)`,
          wanted: "reported",
          passes: true,
        });
      }
    }
  });
  return rows;
}
