import type { DatabaseLog } from "./database-log.ts";

/** For commands: what went wrong goes to the terminal as a line, what went well is the command's to say. */
export const terminalLog: DatabaseLog = {
  info() {},
  warn: (_fields, message) => console.error(message),
  error: (_fields, message) => console.error(message),
};
