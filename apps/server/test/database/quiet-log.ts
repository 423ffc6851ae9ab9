import type { DatabaseLog } from "../../src/platform/database/database-log.ts";

/** For tests that say by their outcome what happened. */
export const quietLog: DatabaseLog = { info() {}, warn() {}, error() {} };
