import { useCallback, useEffect, useRef, useState } from "react";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { usePageFocus } from "../../session/use-page-focus.ts";
import type { AccountOutcome } from "./account-requests.ts";

interface Loaded<Answer> {
  /** The newest that arrived. */
  readonly answer: Answer | null;
  /** Why the newest attempt failed, if it did. */
  readonly failure: RequestFailure | null;
  readonly reload: () => Promise<void>;
}

/** Asked for at once, and again on every return to the tab. */
export function useLoaded<Answer>(read: () => Promise<AccountOutcome<Answer>>): Loaded<Answer> {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  // Of several that are on their way, the one asked for last tells how it is.
  const newest = useRef(0);
  const reload = useCallback(() => {
    const number = ++newest.current;
    return read().then((outcome) => {
      if (number !== newest.current) return;
      if (outcome.ok) setAnswer(outcome.answer);
      setFailure(outcome.ok ? null : outcome.failure);
    });
  }, [read]);
  useEffect(() => {
    void reload();
  }, [reload]);
  usePageFocus(() => void reload());
  return { answer, failure, reload };
}
