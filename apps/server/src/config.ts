import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { isBrand } from "@latchkey/key-format/secret";
import { PLAN_NAMES, type PlanName } from "@latchkey/types/plans";
import type { ActivityDurability } from "./modules/activity/call.ts";
import { readLimiter, type LimiterSettings } from "./settings/limiter.ts";
import { readMail, type SmtpSettings } from "./settings/mail.ts";
import { isLoopback, parseOrigin } from "./settings/origins.ts";
import { weaknessOf } from "./settings/secret-strength.ts";
import { SettingReader } from "./settings/setting-reader.ts";
import { readSignInProviders, type SignInProviderSettings } from "./settings/sign-in-providers.ts";
import { readSupportUrl } from "./settings/support-url.ts";
import { readTrustProxy, type TrustProxy } from "./settings/trust-proxy.ts";

export { ConfigError } from "./settings/setting-reader.ts";

/** A secret outside the database without which no stored hash can be matched. Keys remember the id. */
export interface Pepper {
  readonly id: string;
  readonly secret: string;
}

export type Peppers = readonly [Pepper, ...Pepper[]];

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config extends LimiterSettings {
  /** 0 lets the system choose a free one. */
  readonly port: number;
  readonly host: string;
  /** An origin, without a slash at the end. */
  readonly publicUrl: string;
  readonly trustedOrigins: readonly string[];
  /** From where a browser may change things: `publicUrl`, `trustedOrigins`, and in local mode this machine's names. */
  readonly allowedOrigins: readonly string[];
  /** No DATABASE_URL and no https PUBLIC_URL. Anything else is production. */
  readonly isLocal: boolean;
  /** Null: the embedded PostgreSQL under `dataDir`. */
  readonly databaseUrl: string | null;
  /** The same database past any connection pooler, for LISTEN. Null: `databaseUrl` leads there. */
  readonly databaseDirectUrl: string | null;
  /** Whether verified keys are kept in memory, under a lease. */
  readonly coherence: "on" | "off";
  /** Absolute. */
  readonly dataDir: string;
  /** `auto`: seeded on an empty embedded database that only this machine can reach. */
  readonly demo: "auto" | "on" | "off";
  readonly signUp: "invited" | "open";
  readonly signInProviders: SignInProviderSettings;
  readonly defaultPlan: PlanName;
  /** Where people ask for another plan, or for help with a limit: a page or a mail address. */
  readonly supportUrl: string | null;
  /** Null: made and kept under `dataDir`. */
  readonly betterAuthSecret: string | null;
  /** The first is for new keys. Null: made and kept under `dataDir`. */
  readonly apiKeyPeppers: Peppers | null;
  readonly apiKeyBrand: string;
  readonly acceptBearer: boolean;
  readonly trustProxy: TrustProxy;
  /** Null: in local mode mails are printed at the terminal, in production none is sent. */
  readonly smtp: SmtpSettings | null;
  readonly activityDurability: ActivityDurability;
  /** How long calls are kept one by one; what is counted of them by hour stays. */
  readonly activityRetentionDays: number;
  readonly logLevel: LogLevel;
  /** How many processes serve. More than one are started and kept by one that does not serve. */
  readonly webConcurrency: number;
  /** Where Prometheus reads, on `host`. Null: nowhere. */
  readonly metricsPort: number | null;
}

const PROJECT_ROOT = join(import.meta.dirname, "../../..");

/**
 * All settings from the environment, checked. Nothing else reads the environment.
 * @param options.root what a relative DATA_DIR is relative to; the project's folder unless told
 * @throws ConfigError naming every problem and its mend, in one message
 */
export function loadConfig(env: Record<string, string | undefined>, options: { root?: string } = {}): Config {
  const read = new SettingReader(env);
  const databaseUrl = readDatabaseUrl(read, "DATABASE_URL");
  const webConcurrency = read.wholeNumber("WEB_CONCURRENCY", 1, 64, 1);
  const addresses = readAddresses(read, databaseUrl === null);
  const config: Config = {
    ...addresses,
    ...readSecrets(read, databaseUrl !== null),
    databaseUrl,
    databaseDirectUrl: readDatabaseUrl(read, "DATABASE_DIRECT_URL"),
    coherence: read.choice("COHERENCE", ["on", "off"], "on"),
    dataDir: resolve(options.root ?? PROJECT_ROOT, read.text("DATA_DIR") ?? ".data"),
    demo: ({ true: "on", false: "off", unset: "auto" } as const)[read.choice("DEMO", ["true", "false"], "unset")],
    signUp: read.choice("SIGN_UP", ["invited", "open"], "invited"),
    signInProviders: readSignInProviders(read),
    defaultPlan: read.choice("DEFAULT_PLAN", PLAN_NAMES, "starter"),
    supportUrl: readSupportUrl(read),
    apiKeyBrand: readBrand(read),
    acceptBearer: read.choice("ACCEPT_BEARER", ["true", "false"], "false") === "true",
    trustProxy: readTrustProxy(read),
    ...readLimiter(read, databaseUrl === null && webConcurrency === 1),
    smtp: readMail(read, addresses.publicUrl),
    activityDurability: read.choice("ACTIVITY_DURABILITY", ["second", "commit"], "second"),
    activityRetentionDays: read.wholeNumber("ACTIVITY_RETENTION_DAYS", 1, 3_650, 90),
    logLevel: read.choice("LOG_LEVEL", LOG_LEVELS, "info"),
    webConcurrency,
    metricsPort: readMetricsPort(read, addresses.port),
  };
  read.finish();
  return config;
}

type Addresses = Pick<Config, "port" | "host" | "publicUrl" | "trustedOrigins" | "allowedOrigins" | "isLocal">;

function readAddresses(read: SettingReader, isEmbedded: boolean): Addresses {
  const port = read.wholeNumber("PORT", 0, 65_535, 3000);
  const host = readHost(read);
  const publicUrl = readPublicUrl(read, host, port);
  const trustedOrigins = readTrustedOrigins(read);
  const isLocal = isEmbedded && !publicUrl.startsWith("https:");
  const ownNames = isLocal ? [`http://localhost:${port}`, `http://127.0.0.1:${port}`] : [];
  const allowedOrigins = [...new Set([publicUrl, ...trustedOrigins, ...ownNames.map((name) => new URL(name).origin)])];
  return { port, host, publicUrl, trustedOrigins, allowedOrigins, isLocal };
}

function readMetricsPort(read: SettingReader, port: number): number | null {
  const metricsPort = read.wholeNumber("METRICS_PORT", 1, 65_535, 9464);
  if (read.text("METRICS_PORT") === null) return null;
  if (metricsPort === port) read.problem("METRICS_PORT", "is the port of the server. Set another one, such as 9464.");
  return metricsPort;
}

function readHost(read: SettingReader): string {
  const fallback = "127.0.0.1";
  const host = read.text("HOST") ?? fallback;
  if (isIP(host) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)) return host;
  read.problem(
    "HOST",
    "is not an address to listen on. Set an IP address or a host name, such as 127.0.0.1 or 0.0.0.0.",
  );
  return fallback;
}

function readPublicUrl(read: SettingReader, host: string, port: number): string {
  const fallback = new URL(`http://localhost:${port}`).origin;
  const text = read.text("PUBLIC_URL");
  if (text === null) {
    if (!isLoopback(host)) {
      read.problem(
        "PUBLIC_URL",
        "is missing, and HOST lets other machines connect. Set the address they open, such as https://keys.example.com.",
      );
    }
    return fallback;
  }
  const origin = parseOrigin(text);
  if (origin === null) {
    read.problem(
      "PUBLIC_URL",
      "is not an http or https origin. Set scheme, host and port only, such as https://keys.example.com.",
    );
  }
  return origin ?? fallback;
}

function readTrustedOrigins(read: SettingReader): readonly string[] {
  const origins = read.list("TRUSTED_ORIGINS").map((entry, index) => {
    const origin = parseOrigin(entry);
    if (origin === null) {
      read.problem(
        "TRUSTED_ORIGINS",
        `has an entry (number ${index + 1}) that is not an origin. List origins without path or wildcard, separated by commas, such as https://app.example.com.`,
      );
    }
    return origin ?? "";
  });
  return [...new Set(origins)];
}

function readDatabaseUrl(read: SettingReader, name: "DATABASE_URL" | "DATABASE_DIRECT_URL"): string | null {
  const text = read.text(name);
  if (text !== null && !(URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol))) {
    const orElse =
      name === "DATABASE_URL"
        ? "remove it to use the embedded database"
        : "remove it where DATABASE_URL needs no detour";
    read.problem(
      name,
      `is not an address of PostgreSQL. Set one such as postgresql://user:password@host:5432/database, with special characters percent-encoded, or ${orElse}.`,
    );
  }
  return text;
}

function readBrand(read: SettingReader): string {
  const brand = read.text("API_KEY_BRAND") ?? "lk";
  if (!isBrand(brand))
    read.problem("API_KEY_BRAND", "is not 2 to 8 characters of a-z and 0-9. Set such a word, for example lk.");
  return brand;
}

const MAKE_SECRETS = "Run `pnpm secrets` to make good ones.";

function readSecrets(read: SettingReader, areRequired: boolean): Pick<Config, "betterAuthSecret" | "apiKeyPeppers"> {
  const betterAuthSecret = read.text("BETTER_AUTH_SECRET");
  const apiKeyPeppers = readPeppers(read);
  if (areRequired) {
    const why = `is missing, and with DATABASE_URL nothing is made up. ${MAKE_SECRETS}`;
    if (betterAuthSecret === null) read.problem("BETTER_AUTH_SECRET", why);
    if (read.text("API_KEY_PEPPERS") === null) read.problem("API_KEY_PEPPERS", why);
  }
  if (betterAuthSecret !== null) {
    const weakness = weaknessOf(betterAuthSecret);
    if (weakness !== null) read.problem("BETTER_AUTH_SECRET", `${weakness}. ${MAKE_SECRETS}`);
    if (apiKeyPeppers?.some(({ secret }) => secret === betterAuthSecret)) {
      read.problem("BETTER_AUTH_SECRET", `is also used as a pepper; whoever learns one has both. ${MAKE_SECRETS}`);
    }
  }
  return { betterAuthSecret, apiKeyPeppers };
}

function readPeppers(read: SettingReader): Peppers | null {
  const peppers: Pepper[] = [];
  for (const [index, entry] of read.list("API_KEY_PEPPERS").entries()) {
    const pepper = parsePepper(entry);
    const problem =
      pepper === null
        ? "is not of the form id:secret with an id of a-z, 0-9, _ and -"
        : problemOfPepper(pepper, peppers);
    if (problem !== null)
      read.problem("API_KEY_PEPPERS", `has an entry (number ${index + 1}) that ${problem}. ${MAKE_SECRETS}`);
    if (pepper !== null) peppers.push(pepper);
  }
  const [first, ...others] = peppers;
  return first === undefined ? null : [first, ...others];
}

function parsePepper(entry: string): Pepper | null {
  const [, id, secret] = /^([a-z0-9_-]{1,32}):(\S+)$/.exec(entry) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

function problemOfPepper(pepper: Pepper, earlier: readonly Pepper[]): string | null {
  if (earlier.some(({ id }) => id === pepper.id)) return "has the same id as one before it";
  if (earlier.some(({ secret }) => secret === pepper.secret)) return "has the same secret as one before it";
  return weaknessOf(pepper.secret);
}
