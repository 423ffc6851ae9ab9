import { rateLimitPolicy, type RateLimitPolicy } from "../modules/rate-limit/gcra.ts";
import type { RateLimitStore } from "../modules/rate-limit/rate-limit-store.ts";
import { networkOf } from "../platform/client-address.ts";
import { DomainError } from "../platform/domain-error.ts";
import { RateLimitedError, inSeconds } from "../platform/rate-limited-error.ts";
import { createKnownDevices, type KnownDevices } from "./known-device.ts";

/** Stands in front of the door to Better Auth: counts, and lets through or refuses. What the door answers is untouched. */
export type LimitSignIn = (request: Request, ip: string, open: () => Promise<Response>) => Promise<Response>;

interface Dependencies {
  readonly store: RateLimitStore;
  readonly secret: string;
  readonly allowedOrigins: readonly string[];
  readonly publicUrl: string;
  readonly now: () => number;
}

interface Payment {
  readonly bucket: string;
  readonly policy: RateLimitPolicy;
}

const TEN_MINUTES = 600;
const HOUR = 3_600;

/** Wrong passwords, codes and links of one address, whatever they are for; an office shares one. */
const GUESSES_OF_ADDRESS = rateLimitPolicy(60, TEN_MINUTES);
/** Wrong passwords for one account: of one address or one known browser, and of all others together. */
const GUESSES_OF_PAIR = rateLimitPolicy(10, TEN_MINUTES);
const GUESSES_OF_ACCOUNT = rateLimitPolicy(100, HOUR);
/** What makes us send a mail or make an account, successful or not: the answer does not tell which. */
const REQUESTS_OF_ADDRESS = rateLimitPolicy(30, HOUR);
const REQUESTS_FOR_ACCOUNT = rateLimitPolicy(5, HOUR);

const SIGN_IN = "/api/auth/sign-in/email";
/** Each answers the same whether there is such an account, so each call counts. */
const REQUESTS = new Map([
  ["/api/auth/sign-up/email", "sign-up"],
  ["/api/auth/request-password-reset", "reset"],
  ["/api/auth/send-verification-email", "confirm"],
]);

/**
 * Limits guessing and flooding at sign-in, per account and per address, in the same store as the keys' limits: exact
 * over all processes. Accounts are counted whether they exist or not. Only what failed costs: a token is taken before
 * the attempt, so that many at once cannot slip through, and given back when it went well.
 */
export function createSignInLimits(dependencies: Dependencies): LimitSignIn {
  const { store, secret, allowedOrigins, publicUrl, now } = dependencies;
  const devices = createKnownDevices({ secret, isSecure: publicUrl.startsWith("https:"), now });

  const giveBack = async (payments: readonly Payment[]) => {
    for (const { bucket, policy } of payments) await store.giveBack(bucket, policy);
  };
  const take = async (payments: readonly Payment[]) => {
    for (const [index, { bucket, policy }] of payments.entries()) {
      const { isAdmitted, retryAfterSeconds } = await store.take(bucket, policy);
      if (isAdmitted) continue;
      // What is not attempted costs nothing, so that the time told is true for all the buckets.
      await giveBack(payments.slice(0, index));
      throw new RateLimitedError(`Too many attempts. Try again ${inSeconds(retryAfterSeconds)}.`, {
        retryAfterSeconds,
      });
    }
  };

  return async (request, ip, open) => {
    const { pathname } = new URL(request.url);
    // What the door refuses unseen must cost nothing: a foreign page could spend its visitors' tokens.
    const isTrusted = allowedOrigins.includes(request.headers.get("origin") ?? "");
    if (request.method === "GET" || pathname === "/api/auth/sign-out" || !isTrusted) return open();
    const address = networkOf(ip);

    const kind = REQUESTS.get(pathname);
    if (kind !== undefined) {
      const account = await accountIn(request, devices);
      await take(paymentsOfRequest(kind, address, account));
      return open();
    }
    const account = pathname === SIGN_IN ? await accountIn(request, devices) : null;
    const device = account === null ? null : devices.deviceOf(request.headers, account);
    const payments = paymentsOfGuess(address, account, device);
    await take(payments);
    const response = await attempt(open, () => giveBack(payments));
    if (response.ok && account !== null && device === null)
      response.headers.append("set-cookie", devices.cookieFor(account));
    return response;
  };
}

function paymentsOfRequest(kind: string, address: string, account: string | null): Payment[] {
  const ofAddress = { bucket: `${kind}:address:${address}`, policy: REQUESTS_OF_ADDRESS };
  if (account === null) return [ofAddress];
  return [ofAddress, { bucket: `${kind}:account:${account}`, policy: REQUESTS_FOR_ACCOUNT }];
}

function paymentsOfGuess(address: string, account: string | null, device: string | null): Payment[] {
  if (device !== null) return [{ bucket: `guess:device:${device}`, policy: GUESSES_OF_PAIR }];
  const ofAddress = { bucket: `guess:address:${address}`, policy: GUESSES_OF_ADDRESS };
  if (account === null) return [ofAddress];
  return [
    ofAddress,
    { bucket: `guess:pair:${account}:${address}`, policy: GUESSES_OF_PAIR },
    { bucket: `guess:account:${account}`, policy: GUESSES_OF_ACCOUNT },
  ];
}

/** Only what the caller got wrong costs them. */
async function attempt(open: () => Promise<Response>, giveBack: () => Promise<void>): Promise<Response> {
  try {
    const response = await open();
    // Whoever has signed in is not to hear that counting failed afterwards: then they have a try less, for a while.
    if (response.status < 400 || response.status >= 500) await giveBack().catch(() => undefined);
    return response;
  } catch (error) {
    if (!(error instanceof DomainError) || error.status >= 500) await giveBack().catch(() => undefined);
    throw error;
  }
}

/** Null where no account is named: the door refuses such a request. */
async function accountIn(request: Request, devices: KnownDevices): Promise<string | null> {
  try {
    const body: unknown = await request.clone().json();
    const email = typeof body === "object" && body !== null && "email" in body ? body.email : null;
    return typeof email === "string" ? devices.accountOf(email) : null;
  } catch {
    return null;
  }
}
