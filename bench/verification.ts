import autocannon from "autocannon";
import type { Product } from "../e2e/product.ts";
import { liftLimit } from "./lift-limit.ts";
import { median } from "./statistics.ts";

const CONNECTIONS = 32;
const ROUND_SECONDS = 5;
const ROUNDS = 3;

interface Load {
  readonly name: string;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** A verified call beside the same server's barest route: what is between them is the cost of knowing who asks. */
export async function measureVerification(product: Product): Promise<Load[]> {
  await liftLimit(product, "owner@acme.example");
  const routes = [
    { name: "bare (`GET /api/v1`)", path: "/api/v1" },
    { name: "verified (`GET /api/v1/billing/plans` with a key)", path: "/api/v1/billing/plans" },
  ];
  const rounds = new Map<string, autocannon.Result[]>(routes.map(({ name }) => [name, []]));
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const { name, path } of routes) {
      const result = await autocannon({
        url: `${product.url}${path}`,
        connections: CONNECTIONS,
        duration: round < 0 ? 2 : ROUND_SECONDS,
        headers: { "x-api-key": product.printedKey },
      });
      if (result.non2xx > 0 || result.errors > 0)
        throw new Error(`${name}: ${result.non2xx} refusals, ${result.errors} errors`);
      // The first round only warms up.
      if (round >= 0) rounds.get(name)?.push(result);
    }
  }
  return [...rounds].map(([name, results]) => ({
    name,
    perSecond: median(results.map((result) => result.requests.average)),
    p50: median(results.map((result) => result.latency.p50)),
    p99: median(results.map((result) => result.latency.p99)),
  }));
}
