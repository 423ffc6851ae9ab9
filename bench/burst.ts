import { burst, callOnce, mostOf } from "../apps/server/test/limited-load.ts";
import { withDeployments, type StoreKind } from "./limiter-deployment.ts";
import type { Row } from "./row.ts";

const CALLS = 2_000;
const LIMIT = 50;

/** As many as a store is exact over: a memory is one process's own. */
const PROCESSES: Readonly<Record<StoreKind, number>> = { memory: 1, postgres: 3, redis: 3 };

/** A burst on one key, as fast as it goes: its limit and what refilled meanwhile, over all processes. */
export async function measureBurst(): Promise<Row[]> {
  const rows: Row[] = [];
  await withDeployments(async (deploy) => {
    for (const [kind, processes] of Object.entries(PROCESSES) as [StoreKind, number][]) {
      const { addresses, newKey } = await deploy(kind, processes);
      const warm = await newKey(1_000_000);
      for (const address of addresses) await callOnce(address, warm);
      const secret = await newKey(LIMIT);
      const startedAt = performance.now();
      const answers = await burst(addresses, secret, CALLS);
      const most = mostOf(LIMIT, (performance.now() - startedAt) / 1_000);
      const admitted = answers.filter(({ status }) => status === 200).length;
      const others = answers.filter(({ status }) => status !== 200 && status !== 429).length;
      const where = processes === 1 ? "one process" : `${processes} processes`;
      rows.push({
        what: `burst of ${CALLS.toLocaleString("en")} on a limit of ${LIMIT} over ${where}, counted in ${kind}`,
        measured: `${admitted} admitted`,
        wanted: `${LIMIT} to ${most} (what refilled)`,
        passes: admitted >= LIMIT && admitted <= most && others === 0,
      });
    }
  });
  return rows;
}
