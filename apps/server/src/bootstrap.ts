import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { Peppers } from "./config.ts";
import { checkPeppers } from "./modules/api-keys/verification/peppers.ts";
import { createPepperRepository } from "./modules/api-keys/verification/pepper.repository.ts";
import { migrate } from "./platform/database/migrations.ts";
import { isUnavailable } from "./platform/database/unavailable.ts";

interface Dependencies {
  readonly url: string;
  readonly pool: Pool;
  readonly peppers: Peppers;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** What else the database needs before anything is served; tried again with all the rest. */
  readonly prepare: () => Promise<void>;
}

const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 2_000;

/**
 * Brings the database to where this program can serve: migrated, and hashed with the peppers it was given. As long as
 * it cannot be reached this goes on trying; everything else that fails is for the operator and ends the start.
 */
export async function bootstrap({ url, pool, peppers, logger, signal, prepare }: Dependencies): Promise<void> {
  for (let pause = FIRST_PAUSE_MILLISECONDS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS)) {
    try {
      const { applied } = await migrate({ url, log: logger });
      if (applied.length > 0) logger.info({ applied }, "Migrated");
      await checkPeppers(peppers, createPepperRepository(pool));
      await prepare();
      return;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      logger.warn({ err: error }, "The database cannot be reached yet; trying again");
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
