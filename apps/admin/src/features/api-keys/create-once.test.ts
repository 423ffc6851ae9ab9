import { ServerError } from "@apollo/client";
import { describe, expect, test } from "vitest";
import type { CreateApiKeyInput, CreateApiKeyMutation } from "../../generated/graphql.ts";
import { createOnce, newIdempotencyKey } from "./create-once.ts";

type Answer = CreateApiKeyMutation["createApiKey"];

const INPUT: CreateApiKeyInput = { teamId: "team_1", name: "Nightly job", permissions: ["reports:read"] };
const RENAMED = { ...INPUT, name: "Nightly report" };

/** A server that makes keys once, and a network that loses the answers it is told to. */
function serverThatLoses(...losses: ("answer" | "call" | null)[]) {
  const made = new Map<string, { id: string; input: string }>();
  const sent: CreateApiKeyInput[] = [];
  let keys = 0;

  function answer({ idempotencyKey, ...input }: CreateApiKeyInput): Answer {
    const earlier = made.get(idempotencyKey ?? "");
    if (earlier === undefined) {
      const id = `key_${made.size + 1}`;
      made.set(idempotencyKey ?? "", { id, input: JSON.stringify(input) });
      return created(id, input.name, `secret of ${id}`);
    }
    if (earlier.input === JSON.stringify(input)) return created(earlier.id, input.name, null);
    return { __typename: "ConflictError", code: "idempotency_conflict", message: "Used for another input." };
  }
  const once = createOnce(
    async (input) => {
      sent.push(input);
      const loss = losses.shift() ?? null;
      if (loss === "call") throw new TypeError("Failed to fetch");
      const answered = answer(input);
      if (loss === "answer") throw new TypeError("Failed to fetch");
      return answered;
    },
    () => `attempt-${(keys += 1)}`,
  );
  return { once, made, keysSent: () => sent.map(({ idempotencyKey }) => idempotencyKey) };
}

function created(id: string, name: string, key: string | null): Answer {
  return { __typename: "CreateApiKeyPayload", key, apiKey: { __typename: "ApiKey", id, name, prefix: "lk_1234" } };
}

const UNKNOWN = { kind: "failed", failure: "unreachable", isUnknown: true };

describe("a creation whose answer was lost", () => {
  test("is repeated with the same idempotency key, and tells of the key whose secret is lost", async () => {
    const { once, made, keysSent } = serverThatLoses("answer");
    expect(await once.create(INPUT)).toEqual(UNKNOWN);
    expect(await once.create(INPUT)).toMatchObject({ kind: "lost", apiKey: { id: "key_1", name: "Nightly job" } });
    expect(keysSent()).toEqual(["attempt-1", "attempt-1"]);
    expect(made.size).toBe(1);
  });

  test("makes its key at the repetition when the call itself was lost", async () => {
    const { once, made } = serverThatLoses("call", "call");
    expect(await once.create(INPUT)).toEqual(UNKNOWN);
    expect(await once.create(INPUT)).toEqual(UNKNOWN);
    expect(await once.create(INPUT)).toEqual({ kind: "created", secret: "secret of key_1" });
    expect(made.size).toBe(1);
  });

  test("with a form that was changed since makes no second key, and finds the first", async () => {
    const { once, made } = serverThatLoses("call", "answer");
    await once.create({ ...INPUT, name: "Never arrived" });
    await once.create(INPUT);
    expect(await once.create(RENAMED)).toMatchObject({ kind: "lost", apiKey: { id: "key_1", name: "Nightly job" } });
    expect(made.size).toBe(1);
  });

  test("with a changed form makes what the form says when nothing was made before", async () => {
    const { once } = serverThatLoses("call");
    await once.create(INPUT);
    expect(await once.create(RENAMED)).toEqual({ kind: "created", secret: "secret of key_1" });
  });

  test("stays unknown while the search for it is lost as well", async () => {
    const { once, made } = serverThatLoses("answer", null, "answer");
    await once.create(INPUT);
    expect(await once.create(RENAMED)).toEqual(UNKNOWN);
    expect(await once.create(RENAMED)).toMatchObject({ kind: "lost", apiKey: { id: "key_1" } });
    expect(made.size).toBe(1);
  });

  test("is a new one after starting anew", async () => {
    const { once, made, keysSent } = serverThatLoses("answer");
    await once.create(INPUT);
    await once.create(INPUT);
    once.startAnew();
    expect(await once.create(INPUT)).toEqual({ kind: "created", secret: "secret of key_2" });
    expect(keysSent().at(-1)).toBe("attempt-2");
    expect(made.size).toBe(2);
  });
});

test("a refusal that comes after a lost answer does not say that nothing was made", async () => {
  const response = new Response("", { status: 429 });
  const failures = [new TypeError("Failed to fetch"), new ServerError("Refused.", { response, bodyText: "" })];
  const once = createOnce(() => Promise.reject(failures.shift() ?? new Error("No more.")));
  await once.create(INPUT);
  expect(await once.create(INPUT)).toEqual({ kind: "failed", failure: "rate_limited", isUnknown: true });
});

test("an idempotency key is 32 hexadecimal digits, each time others", () => {
  const keys = Array.from({ length: 100 }, newIdempotencyKey);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(keys).size).toBe(100);
});
