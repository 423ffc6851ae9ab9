import type { SettingReader } from "./setting-reader.ts";

export interface LimiterSettings {
  /** Where the buckets of the rate limits are to be kept. */
  readonly limiter: "memory" | "postgres" | "redis";
  /** Also where it is not asked for: another process may move everybody to it. */
  readonly redisUrl: string | null;
}

const EXAMPLE = "redis://user:password@host:6379/0";

/** LIMITER and REDIS_URL. Memory is exact for one process alone: the one that serves an embedded database. */
export function readLimiter(read: SettingReader, isAlone: boolean): LimiterSettings {
  const redisUrl = readRedisUrl(read);
  const unset = isAlone ? "memory" : redisUrl === null ? "postgres" : "redis";
  const limiter = read.choice("LIMITER", ["memory", "postgres", "redis"], unset);
  if (limiter === "redis" && read.text("REDIS_URL") === null) {
    read.problem(
      "LIMITER",
      `is redis, and REDIS_URL is missing. Set REDIS_URL, such as ${EXAMPLE}, or LIMITER to postgres or memory.`,
    );
  }
  return { limiter, redisUrl };
}

function readRedisUrl(read: SettingReader): string | null {
  const text = read.text("REDIS_URL");
  if (text !== null && !isRedisUrl(text)) {
    read.problem(
      "REDIS_URL",
      `is not an address of Redis. Set scheme (redis, or rediss for TLS), host, and if need be user, password, port and database, such as ${EXAMPLE}, with special characters percent-encoded.`,
    );
    return null;
  }
  return text;
}

function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  return /^rediss?:$/.test(protocol) && hostname !== "" && /^(\/\d{0,4})?$/.test(pathname) && search + hash === "";
}
