import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, type RefObject } from "react";
import { keyLinkId } from "./key-link.tsx";

const route = getRouteApi("/signed-in/settings/team/api-keys");

/** Which key the address says is open; closing leaves the rest of the address as it is. */
export function useOpenedKey(heading: RefObject<HTMLHeadingElement | null>, onClosed: () => void) {
  const { key } = route.useSearch();
  const navigate = route.useNavigate();
  const opened = useRef<string | null>(null);
  const closed = useRef(onClosed);
  useEffect(() => void (closed.current = onClosed));
  // Whichever way it closes, also by the browser's way back: the focus goes to where the key is in the list.
  useEffect(() => {
    const before = opened.current;
    opened.current = key ?? null;
    if (before === null || key !== undefined) return;
    closed.current();
    requestAnimationFrame(() => {
      // A dialog that took its place has the focus by now.
      if (document.activeElement !== document.body && document.activeElement !== null) return;
      (document.getElementById(keyLinkId(before)) ?? heading.current)?.focus();
    });
  }, [key, heading]);
  return {
    keyId: key ?? null,
    close: useCallback(
      () => void navigate({ search: ({ key: _key, ...rest }) => rest, state: true, resetScroll: false }),
      [navigate],
    ),
  };
}
