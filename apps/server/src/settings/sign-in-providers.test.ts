import { describe, expect, test } from "vitest";
import { ConfigError, SettingReader } from "./setting-reader.ts";
import { readSignInProviders } from "./sign-in-providers.ts";

function read(env: Record<string, string>) {
  const reader = new SettingReader(env);
  const providers = readSignInProviders(reader);
  reader.finish();
  return providers;
}

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const OIDC = { OIDC_ISSUER: "https://login.example.com/", OIDC_CLIENT_ID: "id", OIDC_CLIENT_SECRET: "hunter2" };

test("a provider is there when its client is, and the issuer stays as it was typed", () => {
  expect(read({ ...OIDC, GITHUB_CLIENT_ID: "gh", GITHUB_CLIENT_SECRET: "s", OIDC_NAME: " Acme Login " })).toEqual({
    google: null,
    github: { clientId: "gh", clientSecret: "s" },
    microsoft: null,
    oidc: {
      issuer: "https://login.example.com/",
      clientId: "id",
      clientSecret: "hunter2",
      name: "Acme Login",
      clientAuth: "basic",
    },
  });
  expect(read({ MICROSOFT_CLIENT_ID: "ms", MICROSOFT_CLIENT_SECRET: "s" }).microsoft?.tenantId).toBe("common");
});

describe("half a provider is a problem that names what is missing", () => {
  test.each([
    [{ GOOGLE_CLIENT_ID: "x" }, ["GOOGLE_CLIENT_SECRET"]],
    [{ GITHUB_CLIENT_SECRET: "x" }, ["GITHUB_CLIENT_ID"]],
    [{ MICROSOFT_TENANT_ID: "common" }, ["MICROSOFT_CLIENT_ID", "MICROSOFT_CLIENT_SECRET"]],
    [{ OIDC_ISSUER: OIDC.OIDC_ISSUER }, ["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"]],
    [{ OIDC_NAME: "Acme" }, ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"]],
  ])("%j", (env, missing) => {
    const problems = problemsOf(env);
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual(missing);
    for (const problem of problems) expect(problem).toMatch(/is missing, and .+ is set\. Set .+ together/);
  });
});

describe("a setting that could not work is a problem, and no secret is in it", () => {
  test.each([
    [{ ...OIDC, OIDC_ISSUER: "login.example.com" }, "OIDC_ISSUER"],
    [{ ...OIDC, OIDC_ISSUER: "http://login.example.com" }, "OIDC_ISSUER"],
    [{ ...OIDC, OIDC_ISSUER: "https://login.example.com/?a=b" }, "OIDC_ISSUER"],
    [{ ...OIDC, OIDC_ISSUER: "https://me:hunter2@login.example.com" }, "OIDC_ISSUER"],
    [{ ...OIDC, OIDC_NAME: "x".repeat(41) }, "OIDC_NAME"],
    [{ ...OIDC, OIDC_NAME: "Acme\u202e" }, "OIDC_NAME"],
    [{ ...OIDC, OIDC_CLIENT_AUTH: "jwt" }, "OIDC_CLIENT_AUTH"],
    [{ MICROSOFT_CLIENT_ID: "x", MICROSOFT_CLIENT_SECRET: "x", MICROSOFT_TENANT_ID: "a/b" }, "MICROSOFT_TENANT_ID"],
  ])("%j", (env, name) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} .*\\. Set .+\\.$`));
    expect(problems[0]).not.toContain("hunter2");
  });

  test("but a provider on this machine may do without TLS", () => {
    expect(problemsOf({ ...OIDC, OIDC_ISSUER: "http://127.0.0.1:4000" })).toEqual([]);
  });
});
