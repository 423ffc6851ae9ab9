import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import type { ApiKeysSearch } from "../api-keys-search.ts";

const route = getRouteApi("/signed-in/settings/team/api-keys");

/** What the address says about replacing a key, and how it moves on from there. */
export function useReplacing() {
  const { replace, replacement } = route.useSearch();
  const navigate = route.useNavigate();
  // A dialog with a secret stops every change of the address: it has to be gone before.
  const [next, setNext] = useState<Pick<ApiKeysSearch, "replacement"> | null>(null);
  useEffect(() => {
    if (next === null) return;
    void navigate({
      search: ({ replace: _replace, replacement: _replacement, ...rest }: ApiKeysSearch) => ({ ...rest, ...next }),
      replace: true,
      resetScroll: false,
    }).then(() => setNext(null));
  }, [next, navigate]);

  return {
    /** Of the key to make a replacement of. */
    replaceId: next === null ? (replace ?? null) : null,
    /** Of the old key of the pair to show. */
    oldKeyId: next === null ? (replacement ?? null) : null,
    close: useCallback(() => setNext({}), []),
    show: useCallback((oldKeyId: string) => setNext({ replacement: oldKeyId }), []),
  };
}
