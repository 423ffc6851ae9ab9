import { randomBytes } from "node:crypto";
import { generateSecret } from "@latchkey/key-format/secret";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createId, type IdPrefix } from "./id.ts";
import { createLogger, type Logger } from "./logger.ts";
import { maskSecrets } from "./mask-secrets.ts";

function linesOf(log: (logger: Logger) => void): string {
  let lines = "";
  log(createLogger({ level: "trace", destination: { write: (line) => void (lines += line) } }));
  return lines;
}

const secret = generateSecret("lk", randomBytes);
const cause = Object.assign(new Error(`inner ${secret}`), { detail: `Key (name)=(${secret}) exists` });

describe("a logged secret never comes out", () => {
  test.each<[string, (logger: Logger) => void]>([
    ["as the message", (logger) => logger.info(secret)],
    ["inside a message", (logger) => logger.info(`got "${secret}", no more`)],
    [
      "glued to other letters",
      (logger) => logger.info(`xxxxxxxxxx${secret}yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy`),
    ],
    ["as a format argument", (logger) => logger.info("got %s and %j", secret, { deep: [secret] })],
    ["as a field", (logger) => logger.info({ apiKey: { note: secret } })],
    ["as the name of a field", (logger) => logger.info({ [secret]: true })],
    ["deep inside", (logger) => logger.info({ a: { b: [{ c: { d: secret } }] } })],
    [
      "in a header",
      (logger) => logger.info({ req: { headers: { "x-api-key": secret, authorization: `Bearer ${secret}` } } }),
    ],
    ["in an address", (logger) => logger.info({ url: `/api/v1/verify?key=${secret}&x=1` })],
    ["in an error", (logger) => logger.error(new Error(`bad key ${secret}`, { cause }))],
    ["in an error's own field", (logger) => logger.error({ err: cause }, "failed")],
    ["in a child's bindings", (logger) => logger.child({ key: secret, text: secret }).warn("x")],
    ["with its last characters missing", (logger) => logger.info(secret.slice(0, -8))],
  ])("%s", (_, log) => {
    const lines = linesOf(log);
    expect(lines).not.toBe("");
    // The shown prefix may stay; 12 characters in a row may not.
    for (let at = 3; at + 12 <= secret.length - 8; at++) expect(lines).not.toContain(secret.slice(at, at + 12));
  });

  test("whatever its brand", () => {
    const brands = fc.string({ unit: fc.constantFrom(..."abcxyz0189"), minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(brands, fc.string(), fc.string(), (brand, before, after) => {
        const own = generateSecret(brand, randomBytes);
        expect(linesOf((logger) => logger.info({ text: before + own + after }))).not.toContain(own.slice(-30));
      }),
    );
  });
});

test("what is secret by its name is not logged, whatever it looks like", () => {
  const plain = "correct horse battery";
  const lines = linesOf((logger) => {
    logger.info({ password: plain, secret: plain, body: { newPassword: plain, token: plain, input: { key: plain } } });
    logger.info({ req: { headers: { cookie: plain, "x-api-key": plain } }, res: { headers: { "set-cookie": plain } } });
    logger.info(`cookie better-auth.session_token=${plain.replaceAll(" ", "")}; Path=/`);
    logger.info(`https://localhost/reset-password?token=${plain.replaceAll(" ", "")}&x=1`);
    logger.info(`http://localhost/accept-invitation/${plain.replaceAll(" ", "")}?team=acme`);
    logger.info(`smtp://keys:${plain.replaceAll(" ", "")}@mail.example.com:587`);
    logger.info(`postgresql://latchkey:${plain.replaceAll(" ", "")}@db:5432/latchkey`);
  });
  expect(lines).not.toContain("horse");
  expect(lines).toContain("postgresql://latchkey:****@db:5432/latchkey");
  expect(lines).toContain("smtp://keys:****@mail.example.com:587");
});

test("ids, prefixes and ordinary words stay readable", () => {
  const kinds: IdPrefix[] = ["key", "team", "user", "member", "session", "account", "evt", "req"];
  const ids = kinds.map(createId).join(" ");
  expect(maskSecrets(ids)).toBe(ids);
  const words = `lk_AbCd api_keys:create api_key_created verification_${"a1".repeat(13)}`;
  expect(maskSecrets(words)).toBe(words);
});

test("a line is one JSON object with a level's name and an ISO time", () => {
  const lines = linesOf((logger) => logger.warn({ requestId: "req_1" }, "two\nlines"));
  expect(lines.trimEnd().split("\n")).toHaveLength(1);
  const { time, ...rest } = JSON.parse(lines) as Record<string, unknown>;
  expect(rest).toEqual({ level: "warn", requestId: "req_1", msg: "two\nlines" });
  expect(new Date(String(time)).toISOString()).toBe(time);
});
