import { pino, stdTimeFunctions, type DestinationStream, type Logger } from "pino";
import type { LogLevel } from "../config.ts";
import { maskSecrets } from "./mask-secrets.ts";

export type { Logger } from "pino";

/** The first layer, by name: values that are never for the log, at the top and one level down. */
const SECRET_NAMES = ["key", "password", "newPassword", "currentPassword", "token", "secret", "pepper"];
const SECRET_HEADERS = ["x-api-key", "authorization", "cookie", "set-cookie"];
const REDACTED_PATHS = [
  ...SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  ...SECRET_HEADERS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
];

interface LoggerOptions {
  readonly level: LogLevel;
  /** Where the lines go; the standard output unless told. Written at once, so that a crash loses none. */
  readonly destination?: DestinationStream;
}

/** One JSON object a line. What looks like a secret leaves neither as a field nor inside a text. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED_PATHS, censor: "****" },
      // The second layer: over the finished line, whatever path a secret took into it.
      hooks: { streamWrite: maskSecrets },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}
