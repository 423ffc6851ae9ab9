import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { isOutcomeUnknown, requestFailure } from "./request-failure.ts";

interface ChangeTexts {
  /** No answer arrived: it may or may not have happened. */
  readonly unknownOutcome: string;
  readonly failed: (message: string) => string;
}

interface Refused {
  readonly message: string;
}

/**
 * Sends a change once at a time. `send` answers null when it is done, or what the server refused it with. A change counts
 * as done only when the server said so; anything less is said.
 */
export function useChange({ unknownOutcome, failed }: ChangeTexts) {
  const tFailures = useTranslations("failures");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [isUnknown, setIsUnknown] = useState(false);
  // A second Enter or click may come before the busy state is on screen.
  const isSending = useRef(false);

  async function change(send: () => Promise<Refused | null | undefined>): Promise<void> {
    if (isSending.current) return;
    isSending.current = true;
    setIsBusy(true);
    setError(null);
    try {
      const refused = await send();
      setIsUnknown(refused === undefined);
      if (refused !== null) setError(refused === undefined ? unknownOutcome : failed(refused.message));
    } catch (cause) {
      const failure = requestFailure(cause);
      setIsUnknown(isOutcomeUnknown(failure));
      setError(isOutcomeUnknown(failure) ? unknownOutcome : failed(tFailures(failure)));
    } finally {
      isSending.current = false;
      setIsBusy(false);
    }
  }
  return { change, isBusy, error, isUnknown };
}
