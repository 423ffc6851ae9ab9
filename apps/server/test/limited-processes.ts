import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { createTestDatabase } from "./database/test-database.ts";
import { burst, mostOf, startProcess } from "./limited-load.ts";
import { Story } from "./story.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

/** Server processes of their own on one database, and one in this process, for all that is made past the limits. */
export interface LimitedProcesses {
  readonly databaseUrl: string;
  /** What each was started with. */
  readonly settings: Readonly<Record<string, string>>;
  readonly server: TestServer;
  readonly addresses: readonly string[];
  /** Of a team of its own. */
  newKey(requestsPerMinute: number): Promise<string>;
  close(): Promise<void>;
}

export async function startLimitedProcesses(count: number, env: Record<string, string>): Promise<LimitedProcesses> {
  const database = await createTestDatabase();
  const settings = {
    BETTER_AUTH_SECRET: randomBytes(32).toString("base64url"),
    API_KEY_PEPPERS: `test:${randomBytes(32).toString("base64url")}`,
    DATABASE_URL: database.url,
    ...env,
  };
  const server = await startTestServer(settings, database.url);
  const processes = await Promise.all(Array.from({ length: count }, () => startProcess(settings)));
  return {
    databaseUrl: database.url,
    settings,
    server,
    addresses: processes.map(({ address }) => address),
    async newKey(requestsPerMinute) {
      const story = new Story(server);
      const { owner, id } = await story.team("Limited");
      await server.sql("UPDATE subscription SET requests_per_minute = $2 WHERE team_id = $1", [id, requestsPerMinute]);
      return (await story.key(owner)).secret;
    },
    async close() {
      await Promise.all(processes.map((process) => process.stop()));
      await server.close();
      await database.drop();
    },
  };
}

const BURSTS = 10;

/**
 * So many calls as fast as they go admit the limit and what refilled, and all others are 429. A call that a busy machine
 * cannot decide within 2 s is 503, which is never a pass but may have taken a token; of a burst with such calls only the
 * upper bound can be told, so the exact statement is made of the first in which all were decided.
 */
export async function expectExactBurst(
  addresses: readonly string[],
  newKey: () => Promise<string>,
  { calls, limit }: { readonly calls: number; readonly limit: number },
): Promise<void> {
  for (let round = 0; round < BURSTS; round += 1) {
    const secret = await newKey();
    const startedAt = performance.now();
    const answers = await burst(addresses, secret, calls);
    const most = mostOf(limit, (performance.now() - startedAt) / 1_000);
    const of = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect(of(200)).toBeLessThanOrEqual(most);
    if (of(503) > 0) continue;
    expect(of(200)).toBeGreaterThanOrEqual(limit);
    expect(of(200) + of(429)).toBe(calls);
    return;
  }
  throw new Error(`In none of ${BURSTS} bursts all calls were decided.`);
}

/** 24 at once over the addresses in turn; refused without the work that a password costs, so that they do come at once. */
export async function expectTenSignInsTried(addresses: readonly string[]): Promise<void> {
  const statuses = await Promise.all(
    Array.from({ length: 24 }, async (_, call) => {
      const address = addresses[call % addresses.length] ?? "";
      const response = await fetch(`${address}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { origin: address, "content-type": "application/json" },
        body: JSON.stringify({ email: "victim@acme.example", password: null }),
      });
      await response.arrayBuffer();
      return response.status;
    }),
  );
  expect(statuses.toSorted()).toEqual([...Array<number>(10).fill(400), ...Array<number>(14).fill(429)]);
}
