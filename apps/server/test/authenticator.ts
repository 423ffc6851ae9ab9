import { codeOfStep, stepAt } from "../src/modules/account/totp.ts";
import { PASSWORD, type Person } from "./story.ts";
import type { TestServer } from "./test-server.ts";

export interface AuthAnswer {
  readonly status: number;
  // Shapes differ from route to route; each test reads what it asked for.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  /** The Cookie header of what it set, without what it took away. */
  readonly cookie: string;
}

let caller = 0;

/** A route of /api/auth as the page calls it: JSON from our origin, each call from an address of its own. */
export async function auth(
  server: TestServer,
  method: "GET" | "POST",
  path: string,
  { cookie = "", body = {} }: { cookie?: string; body?: unknown } = {},
): Promise<AuthAnswer> {
  caller += 1;
  const response = await server.fetch(`/api/auth${path}`, {
    method,
    headers: { "content-type": "application/json", origin: server.origin, cookie },
    ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    ip: `10.1.${caller >> 8}.${caller & 255}`,
  });
  const text = await response.text();
  const cookies = new Map<string, string>();
  for (const line of response.headers.getSetCookie()) {
    const [pair = ""] = line.split(";");
    const name = pair.slice(0, pair.indexOf("="));
    if (/Max-Age=0/i.test(line)) cookies.delete(name);
    else cookies.set(name, pair);
  }
  return {
    status: response.status,
    body: text === "" ? null : JSON.parse(text),
    cookie: [...cookies.values()].join("; "),
  };
}

export const signIn = (
  server: TestServer,
  { email }: Pick<Person, "email">,
  password = PASSWORD,
): Promise<AuthAnswer> => auth(server, "POST", "/sign-in/email", { body: { email, password } });

/** A person's authenticator app. The codes of later steps are accepted too: a test need not wait for time to pass. */
export interface Authenticator {
  readonly code: (stepsAhead?: 0 | 1) => string;
  readonly recoveryCodes: readonly string[];
  /** Of the session that has confirmed it. */
  readonly cookie: string;
}

/** Sets up a second factor as the page does. No code is used up afterwards. */
export async function enroll(server: TestServer, person: Person): Promise<Authenticator> {
  const begun = await auth(server, "POST", "/two-factor/enable", {
    cookie: person.cookie,
    body: { password: PASSWORD },
  });
  const secret = secretOf(begun.body.totpURI);
  const code = (stepsAhead: 0 | 1 = 0) => codeOfStep(secret, stepAt(new Date()) + stepsAhead);
  const confirmed = await auth(server, "POST", "/two-factor/verify-totp", {
    cookie: person.cookie,
    body: { code: code() },
  });
  if (confirmed.status !== 200)
    throw new Error(`The second factor was not confirmed: ${JSON.stringify(confirmed.body)}`);
  await forgetUsedCodes(server, person);
  return { code, recoveryCodes: begun.body.backupCodes, cookie: confirmed.cookie };
}

/** As if the codes used until now were long ago. */
export async function forgetUsedCodes(server: TestServer, { id }: Pick<Person, "id">): Promise<void> {
  await server.sql("UPDATE two_factor SET last_step = NULL WHERE user_id = $1", [id]);
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an authenticator reads from the QR code (RFC 4648 base32, without padding). */
function secretOf(uri: string): string {
  const letters = new URL(uri).searchParams.get("secret") ?? "";
  const bits = [...letters].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString("utf8");
}
