import { ERRORS } from "@latchkey/types/error-codes";
import { Counter, Histogram, type Registry } from "prom-client";
import type { AnsweredCall } from "../../modules/activity/call.ts";

/** From what the cache answers to what a caller gives up on. */
const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

type Door = "rest" | "graphql" | "sign-in" | "page" | "code";

/** Operations that begin so are templates of routes, of which there are few. */
const REST_PREFIX = "/api/v1";
const SIGN_IN_PREFIX = "/api/auth";

interface Route {
  readonly door: Door;
  observe(seconds: number): void;
}

/** By status, then by code. */
type Outcomes = Map<number, Map<string, number>>;

/**
 * Counts answers by door, status and code, and their times by route. What is counted for each call is a whole number in
 * a map; the library sees it when somebody asks. No label can hold what a caller has chosen.
 */
export function createRequestMetrics(registry: Registry): (call: Omit<AnsweredCall, "requestId" | "ip">) => void {
  const registers = [registry];
  const durations = new Histogram({
    name: "latchkey_request_duration_seconds",
    help: "From the first look at a request to its answer, by door and route.",
    labelNames: ["door", "route"],
    buckets: BUCKETS_SECONDS,
    registers,
  });
  const doors = new Map<Door, Outcomes>();
  const routes = new Map<string, Route>();

  const routeFor = (door: Door, name: string): Route => {
    const known = routes.get(name);
    if (known !== undefined) return known;
    const route = { door, observe: durations.labels(door, name).observe };
    routes.set(name, route);
    return route;
  };
  const routeOf = (operation: string | null): Route => {
    if (operation === null) return routeFor("page", "other");
    if (operation.startsWith(REST_PREFIX)) return routes.get(operation) ?? routeFor("rest", operation);
    if (operation.startsWith(SIGN_IN_PREFIX)) return routeFor("sign-in", SIGN_IN_PREFIX);
    if (operation === "auth.api.verifyApiKey") return routeFor("code", operation);
    // The names of operations are the callers' own.
    return routeFor("graphql", "/graphql");
  };

  const every = (): { door: Door; status: number; code: string; count: number }[] =>
    [...doors].flatMap(([door, outcomes]) =>
      [...outcomes].flatMap(([status, codes]) => [...codes].map(([code, count]) => ({ door, status, code, count }))),
    );
  new Counter({
    name: "latchkey_requests_total",
    help: "Answers by door, HTTP status and error code; `none` where there is no error.",
    labelNames: ["door", "status", "code"],
    registers,
    collect() {
      this.reset();
      for (const { count, ...labels } of every()) this.inc(labels, count);
    },
  });
  new Counter({
    name: "latchkey_limiter_refusals_total",
    help: "Requests that were answered 429.",
    registers,
    collect() {
      this.reset();
      for (const { status, count } of every()) if (status === 429) this.inc(count);
    },
  });

  return ({ status, startedAt, notes }) => {
    const route = routeOf(notes.operation);
    route.observe((performance.now() - startedAt) / 1_000);
    const code = notes.code === null ? "none" : notes.code in ERRORS ? notes.code : "other";
    const outcomes = entry(doors, route.door, () => new Map<number, Map<string, number>>());
    const codes = entry(outcomes, status, () => new Map<string, number>());
    codes.set(code, (codes.get(code) ?? 0) + 1);
  };
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
