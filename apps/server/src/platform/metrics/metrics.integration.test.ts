import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateSecret } from "@latchkey/key-format/secret";
import { graphql, me } from "../../../test/doors.ts";
import { Story, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";
import { findFreePort } from "../database/postgres-process.ts";
import { createLogger } from "../logger.ts";
import { aggregate } from "./metrics.ts";
import { serveMetricsOf, type MetricsServer } from "./metrics-server.ts";

let server: TestServer;
let door: MetricsServer | null;
let story: Story;
let acme: Team;
let address: string;

beforeAll(async () => {
  const port = await findFreePort();
  server = await startTestServer({ METRICS_PORT: String(port) });
  door = await serveMetricsOf(server.config, createLogger({ level: "silent" }), async () => metrics().text());
  address = `http://127.0.0.1:${port}`;
  story = new Story(server);
  acme = await story.team("Acme Ads");
});
afterAll(async () => {
  door?.close();
  await server.close();
});

function metrics() {
  if (server.metrics === null) throw new Error("METRICS_PORT is set.");
  return server.metrics;
}

/** Every line that is a value, by its name and labels. */
async function scrape(): Promise<Map<string, number>> {
  const response = await fetch(`${address}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return valuesIn(await response.text());
}

function valuesIn(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}

const REST_OK = 'latchkey_requests_total{door="rest",status="200",code="none"}';
const REST_UNKNOWN = 'latchkey_requests_total{door="rest",status="401",code="key_invalid"}';
const GRAPHQL_OK = 'latchkey_requests_total{door="graphql",status="200",code="none"}';
const ME_COUNT = 'latchkey_request_duration_seconds_count{door="rest",route="/api/v1/auth/me"}';

test("each answer is counted once, by door, status and code, with its time", async () => {
  const { secret } = await story.key(acme.owner);
  const before = await scrape();
  const grown = (after: Map<string, number>, name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  for (let call = 0; call < 3; call += 1) expect((await me(server, secret)).status).toBe(200);
  expect((await me(server, generateSecret("lk", randomBytes))).status).toBe(401);
  await graphql(server, acme.owner, "query NamedByTheCaller { viewer { __typename } }");

  const after = await scrape();
  expect(grown(after, REST_OK)).toBe(3);
  expect([...after.keys()].filter((name) => name.startsWith("latchkey_requests_total"))).toContain(REST_UNKNOWN);
  expect(grown(after, REST_UNKNOWN)).toBe(1);
  expect(grown(after, ME_COUNT)).toBe(4);
  expect(grown(after, GRAPHQL_OK)).toBe(1);
  const lookups = grown(after, "latchkey_cache_hits_total") + grown(after, "latchkey_cache_misses_total");
  expect(lookups).toBeGreaterThanOrEqual(4);
});

test("a call over the limit is a refusal of the limiter", async () => {
  const team = await story.team("Limited");
  await server.sql("UPDATE subscription SET requests_per_minute = 1 WHERE team_id = $1", [team.id]);
  const { secret } = await story.key(team.owner);
  const before = (await scrape()).get("latchkey_limiter_refusals_total") ?? 0;
  for (const status of [200, 429]) expect((await me(server, secret)).status).toBe(status);
  const after = await scrape();
  expect(after.get("latchkey_limiter_refusals_total")).toBe(before + 1);
  expect(after.get('latchkey_requests_total{door="rest",status="429",code="rate_limited"}')).toBeGreaterThanOrEqual(1);
});

test("every state that an operator watches is there", async () => {
  const values = await scrape();
  expect(values.get('latchkey_lease_state{state="leased"}')).toBe(1);
  expect(values.get('latchkey_limiter_store{kind="memory"}')).toBe(1);
  expect(values.get('latchkey_limiter_state{state="counting"}')).toBe(1);
  for (const pool of ["modules", "verification", "limiter", "coherence", "health", "schedule", "activity"]) {
    expect(values.get(`latchkey_pool_connections{pool="${pool}",state="waiting"}`)).toBe(0);
  }
  for (const name of [
    "latchkey_cached_keys",
    "latchkey_cache_invalidations_total",
    "latchkey_lease_renewals_total",
    "latchkey_lease_age_seconds",
    "latchkey_listen_sessions_total",
    "latchkey_barriers_total",
    "latchkey_notification_queue_usage_ratio",
    "latchkey_limiter_errors_total",
    "latchkey_limiter_buckets",
    "latchkey_activity_waiting",
    "latchkey_activity_oldest_seconds",
    "latchkey_activity_stored_total",
    "latchkey_activity_failures_total",
    "latchkey_activity_spooled_total",
    "latchkey_activity_unstorable_total",
    "nodejs_eventloop_lag_p99_seconds",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
  ]) {
    expect(values.get(name), name).toBeTypeOf("number");
  }
});

test("what callers choose, and secrets, are in no label", async () => {
  const { secret, id } = await story.key(acme.owner);
  await me(server, secret);
  await graphql(server, acme.owner, "query Surprising { viewer { __typename } }");
  await server.fetch("/a/path/that/nobody/has");
  const text = await metrics().text();
  for (const chosen of [secret, id, acme.id, "Surprising", "nobody", "127.0.0.1"]) expect(text).not.toContain(chosen);
});

test("several processes are one text: counts add up", async () => {
  const own = await metrics().values();
  const together = valuesIn(await aggregate([own, own]));
  const alone = valuesIn(await aggregate([own]));
  expect(together.get(REST_OK)).toBe(2 * (alone.get(REST_OK) ?? Number.NaN));
  expect(together.get(ME_COUNT)).toBe(2 * (alone.get(ME_COUNT) ?? Number.NaN));
  expect(together.get('latchkey_lease_state{state="leased"}')).toBe(2);
  expect(together.get("latchkey_lease_age_seconds")).toBe(alone.get("latchkey_lease_age_seconds"));
});

test("nothing else is at that port, and nothing is measured without it", async () => {
  expect((await fetch(`${address}/api/v1/auth/me`)).status).toBe(404);
  expect((await fetch(`${address}/metrics`, { method: "POST" })).status).toBe(405);
  const unmeasured = await startTestServer();
  expect(unmeasured.metrics).toBeNull();
  await unmeasured.close();
});
