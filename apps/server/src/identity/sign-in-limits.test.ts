import { describe, expect, test } from "vitest";
import { createMemoryStore } from "../modules/rate-limit/memory-store.ts";
import { DomainError } from "../platform/domain-error.ts";
import { RateLimitedError } from "../platform/rate-limited-error.ts";
import { createSignInLimits } from "./sign-in-limits.ts";

const ORIGIN = "https://keys.acme.example";
const OWNER = "owner@acme.example";
const RIGHT = "the right password";

interface Attempt {
  readonly email?: string;
  readonly password?: string;
  readonly ip?: string;
  readonly cookie?: string;
  readonly path?: string;
  readonly origin?: string;
}

/** The limits in front of a door that knows one password, under a clock that stands still. */
function doorWithLimits(secret = "a secret of this deployment") {
  let seconds = 1_795_000_000;
  let opened = 0;
  const limit = createSignInLimits({
    store: createMemoryStore({ now: () => seconds * 1_000_000 }),
    secret,
    allowedOrigins: [ORIGIN],
    publicUrl: ORIGIN,
    now: () => seconds * 1_000,
  });
  const answer = async (password: string) => {
    opened += 1;
    return new Response(null, { status: password === RIGHT ? 200 : 401 });
  };
  /** The status, when to come back, and the cookie it set. */
  const attempt = async (one: Attempt = {}): Promise<{ status: number; retryAfter: number; cookie: string }> => {
    const { email = OWNER, password = "wrong", ip = "203.0.113.1", cookie, path = "/sign-in/email" } = one;
    const request = new Request(`${ORIGIN}/api/auth${path}`, {
      method: "POST",
      headers: { origin: one.origin ?? ORIGIN, ...(cookie === undefined ? {} : { cookie }) },
      body: JSON.stringify({ email, password }),
    });
    try {
      const response = await limit(request, ip, () => answer(password));
      return {
        status: response.status,
        retryAfter: 0,
        cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "",
      };
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      return { status: error.status, retryAfter: error.retryAfterSeconds, cookie: "" };
    }
  };
  const repeat = async (times: number, one: (index: number) => Attempt) => {
    const statuses: number[] = [];
    for (let index = 0; index < times; index += 1) statuses.push((await attempt(one(index))).status);
    return statuses;
  };
  return { limit, attempt, repeat, opened: () => opened, wait: (more: number) => (seconds += more) };
}

const refused = (statuses: number[]) => statuses.filter((status) => status === 429).length;
const address = (index: number) => `198.51.100.${index}`;

describe("wrong passwords", () => {
  test("for one account from one address: 10, then none until the time that is told", async () => {
    const door = doorWithLimits();
    expect(refused(await door.repeat(10, () => ({})))).toBe(0);
    const eleventh = await door.attempt({ password: RIGHT });
    expect(eleventh).toMatchObject({ status: 429, retryAfter: 60 });
    expect(door.opened()).toBe(10);
    door.wait(eleventh.retryAfter - 1);
    expect((await door.attempt({ password: RIGHT })).status).toBe(429);
    door.wait(1);
    expect((await door.attempt({ password: RIGHT })).status).toBe(200);
  });

  test("leave the owner in from any other address", async () => {
    const door = doorWithLimits();
    await door.repeat(50, () => ({}));
    expect((await door.attempt({ password: RIGHT, ip: "203.0.113.2" })).status).toBe(200);
  });

  test("of one address, over all accounts: 60", async () => {
    const door = doorWithLimits();
    const statuses = await door.repeat(70, (index) => ({ email: `person-${index}@acme.example` }));
    expect(refused(statuses)).toBe(10);
    expect((await door.attempt({ email: "another@acme.example", ip: "203.0.113.2" })).status).toBe(401);
  });

  test("of one IPv6 /64 are of one address", async () => {
    const door = doorWithLimits();
    const statuses = await door.repeat(15, (index) => ({ ip: `2001:db8:0:1::${index + 1}` }));
    expect(refused(statuses)).toBe(5);
  });

  test("for an account that does not exist are refused after as many as for one that does", async () => {
    const door = doorWithLimits();
    const existing = await door.repeat(12, () => ({}));
    const missing = await door.repeat(12, () => ({ email: "nobody@acme.example" }));
    expect(missing).toEqual(existing);
  });

  test("count for the account whatever the letters' case", async () => {
    const door = doorWithLimits();
    const statuses = await door.repeat(12, (index) => ({ email: index % 2 === 0 ? OWNER : OWNER.toUpperCase() }));
    expect(refused(statuses)).toBe(2);
  });

  test("of many addresses at once do not slip through together", async () => {
    const door = doorWithLimits();
    const attempts = Array.from({ length: 200 }, (_, index) => door.attempt({ ip: address(index % 40) }));
    expect(refused((await Promise.all(attempts)).map(({ status }) => status))).toBe(100);
    expect(door.opened()).toBe(100);
  });

  test("cost nothing when they were not attempted, so that an account's flood does not spend an address", async () => {
    const door = doorWithLimits();
    await door.repeat(500, () => ({}));
    expect(refused(await door.repeat(50, (index) => ({ email: `person-${index}@acme.example` })))).toBe(0);
  });
});

describe("the owner of an account that is flooded from everywhere", () => {
  test("signs in with a browser that has before, hour after hour; a new browser waits", async () => {
    const door = doorWithLimits();
    const { cookie } = await door.attempt({ password: RIGHT });
    expect(cookie).toMatch(/^latchkey\.known_device=/);
    for (let hour = 0; hour < 6; hour += 1) {
      await door.repeat(150, (index) => ({ ip: address(index % 100) }));
      expect((await door.attempt({ password: RIGHT, ip: "203.0.113.9" })).status).toBe(429);
      expect((await door.attempt({ password: RIGHT, ip: "203.0.113.9", cookie })).status).toBe(200);
      door.wait(3_600);
    }
  });

  test("has no use of another account's cookie, a changed one, another deployment's or one of 181 days ago", async () => {
    const door = doorWithLimits();
    const { cookie } = await door.attempt({ password: RIGHT });
    const others = await door.attempt({ password: RIGHT, email: "admin@acme.example" });
    const foreign = await doorWithLimits("another secret").attempt({ password: RIGHT });
    const flood = () => door.repeat(150, (index) => ({ ip: address(index % 100) }));
    await flood();
    const changed = cookie.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    for (const wrong of [others.cookie, foreign.cookie, changed, `${cookie}x`, "latchkey.known_device=.."]) {
      expect([wrong, (await door.attempt({ password: RIGHT, cookie: wrong, ip: "203.0.113.9" })).status]).toEqual([
        wrong,
        429,
      ]);
    }
    door.wait(181 * 24 * 3_600);
    await flood();
    expect((await door.attempt({ password: RIGHT, cookie, ip: "203.0.113.9" })).status).toBe(429);
  });

  test("guesses no more with such a cookie than without", async () => {
    const door = doorWithLimits();
    const { cookie } = await door.attempt({ password: RIGHT });
    expect(refused(await door.repeat(30, (index) => ({ cookie, ip: address(index) })))).toBe(20);
  });
});

test("signing in costs nothing: a thousand times from one address", async () => {
  const door = doorWithLimits();
  expect(
    refused(await door.repeat(1_000, (index) => ({ password: RIGHT, email: `p${index % 50}@acme.example` }))),
  ).toBe(0);
});

test("wrong codes and links share the address's limit with passwords", async () => {
  const door = doorWithLimits();
  const paths = ["/two-factor/verify-totp", "/two-factor/verify-backup-code", "/reset-password", "/change-password"];
  const statuses = await door.repeat(70, (index) => ({ path: paths[index % 4] ?? "" }));
  expect(refused(statuses)).toBe(10);
  expect((await door.attempt({ password: RIGHT })).status).toBe(429);
});

test.each(["/sign-up/email", "/request-password-reset", "/send-verification-email"])(
  "%s: 5 an hour for one account from anywhere, 30 from one address, also when each is answered well",
  async (path) => {
    const door = doorWithLimits();
    const forOne = await door.repeat(8, (index) => ({ path, password: RIGHT, ip: address(index) }));
    expect(refused(forOne)).toBe(3);
    const fromOne = await door.repeat(40, (index) => ({ path, password: RIGHT, email: `p${index}@acme.example` }));
    expect(refused(fromOne)).toBe(10);
  },
);

test("signing out and what a foreign page sends cost nothing", async () => {
  const door = doorWithLimits();
  expect(refused(await door.repeat(200, () => ({ path: "/sign-out" })))).toBe(0);
  expect(refused(await door.repeat(200, () => ({ origin: "https://evil.example" })))).toBe(0);
  expect((await door.attempt({ password: RIGHT })).status).toBe(200);
});

test("what goes wrong on our side costs nothing", async () => {
  const door = doorWithLimits();
  const request = () =>
    new Request(`${ORIGIN}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { origin: ORIGIN },
      body: JSON.stringify({ email: OWNER, password: RIGHT }),
    });
  for (let index = 0; index < 100; index += 1) {
    const unavailable = async () => {
      throw new DomainError("unavailable", "Away.");
    };
    await expect(door.limit(request(), "203.0.113.1", unavailable)).rejects.toThrow("Away.");
  }
  expect((await door.attempt({ password: RIGHT })).status).toBe(200);
});
