import { useRef, type RefObject } from "react";

/** Puts the focus back where it was; on `fallback` if that has gone, as a revoked key's button has. */
export function useFocusReturn(fallback: RefObject<HTMLElement | null>) {
  const origin = useRef<HTMLElement | null>(null);
  const open = () => {
    origin.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  };
  const returnFocus = () => {
    const target = origin.current;
    origin.current = null;
    requestAnimationFrame(() => (target?.isConnected === true ? target : fallback.current)?.focus());
  };
  return { open, returnFocus };
}
