import { useEffect, useEffectEvent } from "react";

/** Calls back when the person returns to this tab. */
export function usePageFocus(onFocus: () => void): void {
  const handle = useEffectEvent(onFocus);
  useEffect(() => {
    const returned = () => {
      if (!document.hidden) handle();
    };
    window.addEventListener("focus", returned);
    document.addEventListener("visibilitychange", returned);
    return () => {
      window.removeEventListener("focus", returned);
      document.removeEventListener("visibilitychange", returned);
    };
  }, []);
}
