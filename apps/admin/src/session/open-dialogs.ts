import { useEffect, useSyncExternalStore } from "react";

/** `unsaved`: something typed would be lost. `secret`: a key is on show for the only time. */
export type DialogKind = "unsaved" | "secret";

const open = new Map<symbol, DialogKind>();
const questions = new Set<symbol>();
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What would be lost if the page moved on now; the gravest answer wins. */
export function openDialogKind(): DialogKind | null {
  const kinds = [...open.values()];
  if (kinds.includes("secret")) return "secret";
  return kinds.length > 0 ? "unsaved" : null;
}

/** Tells the rest of the page, while the component is mounted, that a dialog is open. */
export function useOpenDialog(kind: DialogKind): void {
  useEffect(() => {
    const id = Symbol("dialog");
    open.set(id, kind);
    changed();
    return () => {
      open.delete(id);
      changed();
    };
  }, [kind]);
}

export function useOpenDialogKind(): DialogKind | null {
  return useSyncExternalStore(subscribe, openDialogKind);
}

/** While the component is mounted it stands in front of an open dialog: what is pressed now is not meant for that one. */
export function useQuestionInFront(): void {
  useEffect(() => {
    const id = Symbol("question");
    questions.add(id);
    changed();
    return () => {
      questions.delete(id);
      changed();
    };
  }, []);
}

export function useIsBehindQuestion(): boolean {
  return useSyncExternalStore(subscribe, () => questions.size > 0);
}
