import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * A browser that once signed in to an account keeps a cookie that says so, for that account alone (OWASP: device
 * cookies). Its guesses are counted apart, so that whoever floods an account with wrong passwords from elsewhere keeps
 * out new browsers at most, never the owner's. The cookie opens nothing: it only says which bucket pays.
 */
export interface KnownDevices {
  /** An account as buckets and cookies name it: nothing that could be read back. It need not exist. */
  accountOf(email: string): string;
  /** The device's own id if the cookies of this request prove it for this account, else null. */
  deviceOf(headers: Headers, account: string): string | null;
  /** The Set-Cookie line for a browser that has just signed in. */
  cookieFor(account: string): string;
}

interface Options {
  readonly secret: string;
  readonly isSecure: boolean;
  readonly now: () => number;
}

const COOKIE = "latchkey.known_device";
const SIGN_IN_PATH = "/api/auth/sign-in";
const LIFETIME_SECONDS = 180 * 24 * 60 * 60;

export function createKnownDevices({ secret, isSecure, now }: Options): KnownDevices {
  // Apart from what Better Auth signs with the same secret.
  const key = createHmac("sha256", secret).update("latchkey known device").digest();
  const mac = (...parts: string[]) => createHmac("sha256", key).update(parts.join("\n")).digest("base64url");
  const isSame = (one: string, other: string) => {
    const [a, b] = [Buffer.from(one), Buffer.from(other)];
    return a.length === b.length && timingSafeEqual(a, b);
  };

  return {
    accountOf: (email) => mac("account", email.trim().toLowerCase()),
    deviceOf(headers, account) {
      const [, id = "", expires = "", proof = ""] = PATTERN.exec(headers.get("cookie") ?? "") ?? [];
      const isProven = id !== "" && isSame(proof, mac("device", account, id, expires));
      return isProven && Number(expires) * 1_000 > now() ? id : null;
    },
    cookieFor(account) {
      const id = randomBytes(12).toString("base64url");
      const expires = String(Math.floor(now() / 1_000) + LIFETIME_SECONDS);
      const value = `${id}.${expires}.${mac("device", account, id, expires)}`;
      const attributes = `Path=${SIGN_IN_PATH}; Max-Age=${LIFETIME_SECONDS}; HttpOnly; SameSite=Lax`;
      return `${COOKIE}=${value}; ${attributes}${isSecure ? "; Secure" : ""}`;
    },
  };
}

const PATTERN = /(?:^|;\s*)latchkey\.known_device=([\w-]{16})\.(\d{1,12})\.([\w-]{43})(?:;|$)/;
