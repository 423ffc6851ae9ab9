import { NotFoundError } from "../domain-error.ts";
import type { Coherence } from "./coherence.ts";

/**
 * Makes a change that may take access away, and answers when it holds in every process (R5). Also when there was nothing
 * to change: whoever changed it may have died before its own barrier, and this answer says that access is gone.
 */
export type Enforce = <Answer>(change: () => Promise<Answer>) => Promise<Answer>;

/** One barrier for each answer, however much was changed. To be called outside of the change's transaction. */
export function createEnforce({ barrier }: Pick<Coherence, "barrier">): Enforce {
  return async (change) => {
    try {
      const answer = await change();
      await barrier();
      return answer;
    } catch (error) {
      // "There is no such member" says it as well. Whatever else was thrown says nothing, or that it is not known.
      if (error instanceof NotFoundError) await barrier();
      throw error;
    }
  };
}
