import { me } from "../apps/server/test/doors.ts";
import { statementsOf, withoutRecording } from "../apps/server/test/statement-count.ts";
import { withDeployments, type StoreKind } from "./limiter-deployment.ts";
import { ceilingRow, type Row } from "./row.ts";

const CALLS = 100;

/** A store that is in PostgreSQL is asked there. */
const MOST: Readonly<Record<StoreKind, number>> = { memory: 0, redis: 0, postgres: 1 };

/** What a verified call sends to PostgreSQL once its key is known. Calls are stored behind their answers, many at once. */
export async function measureStatements(): Promise<Row[]> {
  const rows: Row[] = [];
  await withDeployments(async (deploy) => {
    for (const [kind, most] of Object.entries(MOST) as [StoreKind, number][]) {
      const { server, newKey } = await deploy(kind, 0);
      const secret = await newKey(1_000_000);
      let sent = 0;
      for (let call = -5; call < CALLS; call += 1) {
        const { result, statements } = await statementsOf(() => me(server, secret));
        if (result.status !== 200) throw new Error(`A call was answered ${result.status}.`);
        if (call >= 0) sent += withoutRecording(statements).length;
      }
      rows.push(
        ceilingRow(`SQL statements per verified call, warm, counted in ${kind}`, sent / CALLS, most, "statements"),
      );
    }
  });
  return rows;
}
