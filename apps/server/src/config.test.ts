import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";

const STRONG = "4kQzW8mT1vXy7RbN0cJdPfLh2sGuEa9o";
const STRONG_PEPPER = "Zp6hYt3KqVwB8nMx1RcDfSgJ5eUaLo0i";

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test("nothing set is a local server on the embedded database, for this machine only", () => {
  expect(loadConfig({}, { root: "/srv/latchkey" })).toEqual({
    port: 3000,
    host: "127.0.0.1",
    publicUrl: "http://localhost:3000",
    trustedOrigins: [],
    allowedOrigins: ["http://localhost:3000", "http://127.0.0.1:3000"],
    isLocal: true,
    databaseUrl: null,
    dataDir: "/srv/latchkey/.data",
    demo: "auto",
    signUp: "invited",
    signInProviders: { google: null, github: null, microsoft: null, oidc: null },
    defaultPlan: "starter",
    supportUrl: null,
    betterAuthSecret: null,
    apiKeyPeppers: null,
    apiKeyBrand: "lk",
    acceptBearer: false,
    smtp: null,
    limiter: "memory",
    redisUrl: null,
    trustProxy: { kind: "nobody" },
    activityDurability: "second",
    activityRetentionDays: 90,
    logLevel: "info",
    coherence: "on",
    databaseDirectUrl: null,
    webConcurrency: 1,
    metricsPort: null,
  });
});

test("a production server takes every setting as given, blanks around it aside", () => {
  const config = loadConfig({
    PORT: "8080",
    HOST: "0.0.0.0",
    PUBLIC_URL: "https://keys.example.com/",
    TRUSTED_ORIGINS: " https://app.example.com , http://localhost:5173,,https://app.example.com",
    DATABASE_URL: "postgresql://latchkey:pw@db.internal:5432/latchkey?sslmode=require",
    DATA_DIR: "/var/lib/latchkey",
    DEMO: "false",
    SIGN_UP: "open",
    DEFAULT_PLAN: "growth",
    SUPPORT_URL: "mailto:support@example.com",
    BETTER_AUTH_SECRET: ` ${STRONG} `,
    API_KEY_PEPPERS: `p2:${STRONG_PEPPER}, p1:${STRONG_PEPPER.toLowerCase()}x:y`,
    API_KEY_BRAND: "acme2prd",
    ACCEPT_BEARER: "true",
    LOG_LEVEL: "warn",
    WEB_CONCURRENCY: "4",
    METRICS_PORT: "9464",
  });
  expect(config).toMatchObject({
    port: 8080,
    publicUrl: "https://keys.example.com",
    trustedOrigins: ["https://app.example.com", "http://localhost:5173"],
    allowedOrigins: ["https://keys.example.com", "https://app.example.com", "http://localhost:5173"],
    isLocal: false,
    dataDir: "/var/lib/latchkey",
    demo: "off",
    signUp: "open",
    defaultPlan: "growth",
    supportUrl: "mailto:support@example.com",
    betterAuthSecret: STRONG,
    apiKeyPeppers: [
      { id: "p2", secret: STRONG_PEPPER },
      { id: "p1", secret: `${STRONG_PEPPER.toLowerCase()}x:y` },
    ],
    apiKeyBrand: "acme2prd",
    acceptBearer: true,
    logLevel: "warn",
    webConcurrency: 4,
    metricsPort: 9464,
  });
});

test("an https PUBLIC_URL alone makes it production, and this machine's names are trusted no more", () => {
  const config = loadConfig({ PUBLIC_URL: "https://keys.example.com" });
  expect(config.isLocal).toBe(false);
  expect(config.allowedOrigins).toEqual(["https://keys.example.com"]);
});

test("port 80 is left out of origins, as browsers do", () => {
  const config = loadConfig({ PORT: "80" });
  expect(config.publicUrl).toBe("http://localhost");
  expect(config.allowedOrigins).toEqual(["http://localhost", "http://127.0.0.1"]);
});

test("a setting that is blank counts as absent", () => {
  expect(loadConfig({ PORT: "", DATABASE_URL: " ", DEMO: "", API_KEY_PEPPERS: "" })).toEqual(loadConfig({}));
});

describe("one wrong setting is one problem that names it and how to mend it", () => {
  test.each([
    ["PORT", "abc", "whole number"],
    ["PORT", "65536", "whole number"],
    ["PORT", "-1", "whole number"],
    ["PORT", "3000.5", "whole number"],
    ["PORT", "1e3", "whole number"],
    ["HOST", "127.0.0.1:3000", "address to listen on"],
    ["PUBLIC_URL", "keys.example.com", "http or https origin"],
    ["PUBLIC_URL", "https://keys.example.com/latchkey", "http or https origin"],
    ["PUBLIC_URL", "https://keys.example.com/?", "http or https origin"],
    ["PUBLIC_URL", "https://me:pw@keys.example.com", "http or https origin"],
    ["PUBLIC_URL", "ftp://keys.example.com", "http or https origin"],
    ["TRUSTED_ORIGINS", "https://app.example.com,*", "number 2"],
    ["TRUSTED_ORIGINS", "null", "number 1"],
    ["TRUSTED_ORIGINS", "https://*.example.com/x", "number 1"],
    ["DEMO", "yes", "one of true, false"],
    ["SIGN_UP", "closed", "one of invited, open"],
    ["DEFAULT_PLAN", "Starter", "one of starter, growth, scale, enterprise"],
    ["SUPPORT_URL", "support@example.com", "a page nor a mail address"],
    ["SUPPORT_URL", "example.com/support", "a page nor a mail address"],
    ["SUPPORT_URL", "javascript:alert(1)", "a page nor a mail address"],
    ["SUPPORT_URL", "https://me:pw@example.com", "a page nor a mail address"],
    ["SUPPORT_URL", "mailto:", "a page nor a mail address"],
    ["API_KEY_BRAND", "L", "2 to 8 characters"],
    ["ACCEPT_BEARER", "1", "one of true, false"],
    ["LOG_LEVEL", "verbose", "one of fatal, error, warn"],
    ["WEB_CONCURRENCY", "0", "whole number"],
    ["METRICS_PORT", "0", "whole number"],
    ["METRICS_PORT", "3000", "port of the server"],
    ["WEB_CONCURRENCY", "auto", "whole number"],
    ["API_KEY_PEPPERS", STRONG_PEPPER, "form id:secret"],
    ["API_KEY_PEPPERS", `P1:${STRONG_PEPPER}`, "form id:secret"],
    ["API_KEY_PEPPERS", `p1:${STRONG_PEPPER},p1:${STRONG}`, "number 2) that has the same id"],
    ["API_KEY_PEPPERS", `p1:${STRONG_PEPPER},p2:${STRONG_PEPPER}`, "number 2) that has the same secret"],
    ["API_KEY_PEPPERS", "p1:tooshort", "at least 32"],
    ["BETTER_AUTH_SECRET", "short", "at least 32"],
  ])("%s=%s", (name, value, words) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} `));
    expect(problems[0]).toContain(words);
    expect(problems[0]).toMatch(/\. (Set|List|Run) .+\.$/s);
  });

  test("a server that others can reach needs PUBLIC_URL", () => {
    for (const HOST of ["0.0.0.0", "::", "192.168.1.10", "keys.example.com"]) {
      expect(problemsOf({ HOST })).toEqual([expect.stringMatching(/^PUBLIC_URL is missing/)]);
    }
    for (const HOST of ["127.0.0.1", "127.0.0.2", "::1", "localhost"]) expect(problemsOf({ HOST })).toEqual([]);
  });

  test("an external database needs given secrets", () => {
    const problems = problemsOf({ DATABASE_URL: "postgres://localhost/latchkey" });
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["BETTER_AUTH_SECRET", "API_KEY_PEPPERS"]);
    for (const problem of problems) expect(problem).toContain("`pnpm secrets`");
  });

  test("the session secret is not a pepper as well", () => {
    const problems = problemsOf({ BETTER_AUTH_SECRET: STRONG, API_KEY_PEPPERS: `p1:${STRONG}` });
    expect(problems).toEqual([expect.stringMatching(/^BETTER_AUTH_SECRET is also used as a pepper/)]);
  });
});

test("all problems come in one message, and no value that may be secret is in it", () => {
  const env = {
    PORT: "http",
    PUBLIC_URL: "https://user:hunter2-in-a-url@keys.example.com",
    DATABASE_URL: "mysql://root:hunter2-of-the-database@db/latchkey",
    BETTER_AUTH_SECRET: "hunter2-of-sessions",
    API_KEY_PEPPERS: "hunter2-of-keys",
    TRUSTED_ORIGINS: "hunter2-as-origin",
    LOG_LEVEL: "hunter2-as-level",
  };
  const message = new ConfigError(problemsOf(env)).message;
  expect(message).toMatch(/^The settings have 7 problems:\n/);
  for (const name of Object.keys(env)) expect(message).toContain(`\n  ${name} `);
  expect(message).not.toContain("hunter2");
});

test(".env.example lists every setting, and nothing that is not one", () => {
  const asked = new Set<string>();
  const recording = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  loadConfig(recording);
  const example = readFileSync(join(import.meta.dirname, "../../../.env.example"), "utf8");
  const listed = [...example.matchAll(/^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual([...asked].toSorted());
});

describe("where rate limits are counted", () => {
  const external = {
    DATABASE_URL: "postgresql://db.internal/latchkey",
    BETTER_AUTH_SECRET: STRONG,
    API_KEY_PEPPERS: `p1:${STRONG_PEPPER}`,
  };
  const REDIS_URL = "rediss://limits:p%40ss@redis.internal:6380/2";

  test.each([
    ["the embedded database and one process", {}, "memory"],
    ["the embedded database and several processes", { WEB_CONCURRENCY: "2" }, "postgres"],
    ["a database that others may serve", external, "postgres"],
    ["Redis beside it", { ...external, REDIS_URL }, "redis"],
    ["Redis beside it that is not to be used yet", { ...external, REDIS_URL, LIMITER: "postgres" }, "postgres"],
    ["a memory per process, as it was asked for", { ...external, REDIS_URL, LIMITER: "memory" }, "memory"],
  ] as const)("%s", (_, env, limiter) => {
    expect(loadConfig(env)).toMatchObject({ limiter, redisUrl: "REDIS_URL" in env ? REDIS_URL : null });
  });

  test("a Redis that is asked for and not named is told with its mend", () => {
    expect(problemsOf({ LIMITER: "redis" })).toEqual([
      "LIMITER is redis, and REDIS_URL is missing. Set REDIS_URL, such as redis://user:password@host:6379/0, or LIMITER to postgres or memory.",
    ]);
  });

  test.each(["redis.internal:6379", "http://redis.internal", "redis://", "redis://host/name", "redis://host/0?db=1"])(
    "REDIS_URL=%s is no address of Redis, and is not repeated",
    (address) => {
      const problems = problemsOf({ LIMITER: "redis", REDIS_URL: address });
      expect(problems).toEqual([expect.stringMatching(/^REDIS_URL is not an address of Redis\. Set scheme/)]);
    },
  );
});
