import { AsyncLocalStorage } from "node:async_hooks";
import { isUnavailable } from "../platform/database/unavailable.ts";
import type { Database } from "../platform/database/database.ts";

interface Watch {
  outage: unknown;
}

const current = new AsyncLocalStorage<Watch>();

/**
 * Better Auth swallows some database errors: a sign-out then reports success, a session looks absent. Its client tells
 * us of every failed statement, so that such an answer can be replaced by "unavailable".
 */
export function watchedForOutages(database: Database) {
  return database.$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args);
        } catch (error) {
          const watch = current.getStore();
          if (watch !== undefined && isUnavailable(error)) watch.outage = error;
          throw error;
        }
      },
    },
  });
}

/** Runs `work`; `outage` is the error when the database could not be asked meanwhile, whatever `work` made of it. */
export async function noticingOutages<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result } | { outage: unknown }> {
  const watch: Watch = { outage: null };
  const result = await current.run(watch, work);
  return watch.outage === null ? { result } : { outage: watch.outage };
}
