import { useEffect, useRef, useState } from "react";

export type CopyOutcome = "copied" | "by-hand" | null;

const SHOWN_MS = 3_000;

/**
 * Copies a text; where the clipboard is closed to the page (plain http, a refused permission) it selects the text in
 * `source` instead. The text is an argument of the call and is kept nowhere.
 */
export function useCopy() {
  const [outcome, setOutcome] = useState<CopyOutcome>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  async function copy(text: string, source: HTMLElement | null): Promise<void> {
    clearTimeout(timer.current);
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("copied");
      timer.current = setTimeout(setOutcome, SHOWN_MS, null);
    } catch {
      source?.focus();
      if (source !== null) window.getSelection()?.selectAllChildren(source);
      setOutcome("by-hand");
    }
  }
  return { outcome, copy };
}
