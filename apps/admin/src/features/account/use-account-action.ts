import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { accountErrorKey, serversSentence } from "./account-error.ts";
import type { AccountOutcome, AccountRefusal } from "./account-requests.ts";

/** Asks once at a time, and has a sentence for every refusal. Null: refused, or already asking. */
export function useAccountAction() {
  const t = useTranslations("account");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // A second Enter or click may come before the busy state is on screen.
  const isAsking = useRef(false);
  const sentenceOf = (refusal: AccountRefusal) => serversSentence(refusal) ?? t(`errors.${accountErrorKey(refusal)}`);

  async function run<Answer>(ask: () => Promise<AccountOutcome<Answer>>): Promise<Answer | null> {
    if (isAsking.current) return null;
    isAsking.current = true;
    setIsBusy(true);
    setError(null);
    const outcome = await ask();
    isAsking.current = false;
    setIsBusy(false);
    if (outcome.ok) return outcome.answer;
    setError(sentenceOf(outcome));
    return null;
  }
  return { run, isBusy, error, setError };
}
