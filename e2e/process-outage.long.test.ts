import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedPostgres } from "../apps/server/src/platform/database/embedded-postgres.ts";
import { findFreePort } from "../apps/server/src/platform/database/postgres-process.ts";
import { makePepper, makeSecret } from "../apps/server/src/secrets.ts";
import { quietLog } from "../apps/server/test/database/quiet-log.ts";
import { generateSecret } from "../packages/key-format/src/secret.ts";
import { call, callWithKey, DEMO_PASSWORD, OWNER, signIn, type Answer, type Session } from "./client.ts";
import { killPostgres, signalPostgres } from "./postgres-processes.ts";
import { endProducts, launch, newDataDir, statusOf, whenServing, type Launched, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

/** 2 s by contract, and what a busy machine may add between the server's answer and our clock. */
const ANSWERED_WITHIN_MS = 2_400;
const RECOVERED_WITHIN_MS = 5_000;

afterAll(endProducts);

interface Credentials {
  readonly secret: string;
  readonly session: Session;
  /** A session of its own for the sign-out, which ends it. */
  readonly leaving: Session;
}

/** Every door that has to ask the database, with what would pass there. */
function askAllDoors(target: Launched, { secret, session, leaving }: Credentials): Record<string, Promise<Answer>> {
  return {
    "a good key": callWithKey(target, secret),
    "GraphQL with a session": session.graphql("{ viewer { user { name } } }"),
    "REST with a session": session.get("/api/v1/auth/me"),
    "sign-in": session.post("/api/auth/sign-in/email", { email: OWNER, password: DEMO_PASSWORD }),
    "sign-out": leaving.post("/api/auth/sign-out", {}),
    "the session": session.get("/api/auth/get-session"),
  };
}

async function expectAllUnavailable(doors: Record<string, Promise<Answer>>): Promise<void> {
  for (const [door, asked] of Object.entries(doors)) {
    const { status, code, milliseconds } = await asked;
    expect({ door, status, code }).toEqual({ door, status: 503, code: "unavailable" });
    expect(milliseconds, door).toBeLessThan(ANSWERED_WITHIN_MS);
  }
}

async function until(isReached: () => Promise<boolean>, limitMs: number): Promise<void> {
  const startedAt = performance.now();
  while (!(await isReached())) {
    if (performance.now() - startedAt > limitMs) throw new Error(`Not within ${limitMs} ms`);
    await sleep(50);
  }
}

describe("the embedded PostgreSQL", () => {
  let product: Product;
  let credentials: Credentials;
  beforeAll(async () => {
    product = await startSeededProduct();
    credentials = { secret: product.printedKey, session: await signIn(product), leaving: await signIn(product) };
  });

  const isBack = async () => (await callWithKey(product, product.printedKey)).status === 200;

  test("while it is stopped, every door answers 503 within 2 s, again and again, and then recovers", async () => {
    signalPostgres(product.dataDir, "SIGSTOP");
    try {
      for (let round = 0; round < 2; round += 1) {
        await expectAllUnavailable(askAllDoors(product, credentials));
      }
      expect(await statusOf(`${product.url}/livez`)).toBe(200);
      expect(await statusOf(`${product.url}/readyz`)).toBe(503);
    } finally {
      signalPostgres(product.dataDir, "SIGCONT");
    }
    await until(isBack, RECOVERED_WITHIN_MS);
    // The sign-out that was refused has ended nothing.
    expect(await credentials.leaving.get("/api/v1/auth/me")).toMatchObject({ status: 200 });
    expect(await statusOf(`${product.url}/readyz`)).toBe(200);
  });

  test("when it is killed, no door lets anybody in or takes a good key for a bad one, and it comes back by itself", async () => {
    await killPostgres(product.dataDir);
    const answered = new Set<string>();
    await until(async () => {
      const answers = await Promise.all(Object.values(askAllDoors(product, credentials)));
      for (const { status, code } of answers) answered.add(`${status} ${code}`);
      return answers.every(({ status }) => status === 200);
    }, RECOVERED_WITHIN_MS);
    expect([...answered].toSorted()).toEqual(["200 null", "503 unavailable"]);
    expect(await credentials.leaving.get("/api/v1/auth/me")).toMatchObject({ status: 401 });
  });
});

describe("an external PostgreSQL", () => {
  test("that is away at the start is waited for; meanwhile the server lives, is not ready, and says unavailable", async () => {
    const postgres = await startEmbeddedPostgres({ dataDir: await newDataDir(), log: quietLog, durable: false });
    const gate = new Gate(await findFreePort(), Number(new URL(postgres.url).port));
    try {
      const url = new URL(postgres.url);
      url.port = String(gate.port);
      const pepper = makePepper(new Date());
      const server = await launch({
        env: {
          DATABASE_URL: url.href,
          BETTER_AUTH_SECRET: makeSecret(),
          API_KEY_PEPPERS: `${pepper.id}:${pepper.secret}`,
          DEMO: "true",
        },
      });
      await until(async () => (await statusOf(`${server.url}/livez`)) === 200, 30_000);
      await until(async () => server.output().includes("cannot be reached yet"), 30_000);
      expect(await statusOf(`${server.url}/readyz`)).toBe(503);
      const doors = {
        "a key": callWithKey(server, generateSecret("lk", randomBytes)),
        GraphQL: call(server, "/graphql", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: "{}",
        }),
        "the session": call(server, "/api/auth/get-session"),
      };
      await expectAllUnavailable(doors);

      await gate.open();
      await whenServing(server);
      const [, printedKey = ""] = /x-api-key: (\S+)'/.exec(server.output()) ?? [];
      expect(await callWithKey(server, printedKey)).toMatchObject({ status: 200 });
      process.kill(server.pid, "SIGTERM");
      expect(await server.exit).toEqual({ code: 0, signal: null });
    } finally {
      await gate.close();
      await postgres.stop();
    }
  });
});

/** An address that refuses connections until it is opened, and then leads to a port of this machine. */
class Gate {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(port: number, to: number) {
    this.port = port;
    this.#server = createServer((socket) => {
      const onward = connect(to, "127.0.0.1");
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => other.destroy()).pipe(other);
      }
    });
  }

  async open(): Promise<void> {
    this.#server.listen(this.port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
