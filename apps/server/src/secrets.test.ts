import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { makePepper, makeSecret, resolveSecrets, SecretsFileError } from "./secrets.ts";
import { weaknessOf } from "./settings/secret-strength.ts";

let parent: string;
let dataDir: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "latchkey-secrets-"));
  dataDir = join(parent, "data");
});
afterEach(() => rm(parent, { recursive: true }));

const unset = () => ({ dataDir, betterAuthSecret: null, apiKeyPeppers: null });
const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

test("secrets that were never set are made once, kept for the owner alone, and found again", async () => {
  const first = await resolveSecrets(unset());
  expect(weaknessOf(first.betterAuthSecret)).toBeNull();
  expect(weaknessOf(first.peppers[0].secret)).toBeNull();
  expect(await modeOf(dataDir)).toBe("700");
  expect(await modeOf(join(dataDir, "secrets.json"))).toBe("600");
  expect(await readdir(dataDir)).toEqual(["secrets.json"]);
  expect(await resolveSecrets(unset())).toEqual(first);
});

test("several first starts at once agree on one set, and leave nothing else behind", async () => {
  const results = await Promise.all(Array.from({ length: 20 }, () => resolveSecrets(unset())));
  expect(new Set(results.map((result) => JSON.stringify(result)))).toHaveLength(1);
  expect(await readdir(dataDir)).toEqual(["secrets.json"]);
});

test("configured secrets are used as they are, and nothing is written", async () => {
  const peppers = [makePepper(new Date())] as const;
  const betterAuthSecret = makeSecret();
  expect(await resolveSecrets({ dataDir, betterAuthSecret, apiKeyPeppers: peppers })).toEqual({
    betterAuthSecret,
    peppers,
  });
  await expect(stat(dataDir)).rejects.toThrow("ENOENT");
});

test("only what is not configured comes from the file", async () => {
  const kept = await resolveSecrets(unset());
  const betterAuthSecret = makeSecret();
  const mixed = await resolveSecrets({ dataDir, betterAuthSecret, apiKeyPeppers: null });
  expect(mixed).toEqual({ betterAuthSecret, peppers: kept.peppers });
});

test("a file that a backup brought back readable for all is closed again", async () => {
  const first = await resolveSecrets(unset());
  await chmod(join(dataDir, "secrets.json"), 0o644);
  expect(await resolveSecrets(unset())).toEqual(first);
  expect(await modeOf(join(dataDir, "secrets.json"))).toBe("600");
});

describe("a broken file is refused with the reason, kept as it is, and never quoted", () => {
  const secret = makeSecret();
  test.each([
    ["", "is empty"],
    [`{"betterAuthSecret": "${secret}"`, "is not valid JSON"],
    ["[]", "lacks a secret or holds something else"],
    [JSON.stringify({ betterAuthSecret: secret }), "no good value for apiKeyPeppers"],
    [JSON.stringify({ betterAuthSecret: secret, apiKeyPeppers: [] }), "no good value for apiKeyPeppers"],
    [
      JSON.stringify({ betterAuthSecret: "weak", apiKeyPeppers: [{ id: "p1", secret }] }),
      "no good value for betterAuthSecret",
    ],
    [
      JSON.stringify({ betterAuthSecret: secret, apiKeyPeppers: [{ id: "p1", secret: "weak" }] }),
      "apiKeyPeppers.0.secret",
    ],
  ])("%#: %s", async (text, reason) => {
    await mkdir(dataDir);
    const file = join(dataDir, "secrets.json");
    await writeFile(file, text);
    const refusal = await resolveSecrets(unset()).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SecretsFileError);
    const { message, cause } = refusal as SecretsFileError;
    expect(message).toContain(file);
    expect(message).toContain(reason);
    expect(message).toContain("Restore it from a backup");
    expect(`${message} ${String(cause)}`).not.toContain(secret);
    expect(await readFile(file, "utf8")).toBe(text);
  });

  test("also when it is a folder", async () => {
    await mkdir(join(dataDir, "secrets.json"), { recursive: true });
    await expect(resolveSecrets(unset())).rejects.toThrow("cannot be read (EISDIR)");
  });
});

test("what `pnpm secrets` prints is accepted for an external database", () => {
  const pepper = makePepper(new Date("2026-11-22T08:00:00Z"));
  expect(pepper.id).toBe("p20261122");
  const config = loadConfig({
    DATABASE_URL: "postgresql://db/latchkey",
    BETTER_AUTH_SECRET: makeSecret(),
    API_KEY_PEPPERS: `${pepper.id}:${pepper.secret}`,
  });
  expect(config.apiKeyPeppers).toEqual([pepper]);
});
