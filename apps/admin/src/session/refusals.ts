import { useEffect, useEffectEvent } from "react";

const listeners = new Set<() => void>();

/** The server refused something this page had offered: what the viewer is in the team may have changed. */
export function announceRefusal(): void {
  for (const listener of listeners) listener();
}

export function useRefusals(onRefusal: () => void): void {
  const handle = useEffectEvent(onRefusal);
  useEffect(() => {
    const refused = () => handle();
    listeners.add(refused);
    return () => {
      listeners.delete(refused);
    };
  }, []);
}
