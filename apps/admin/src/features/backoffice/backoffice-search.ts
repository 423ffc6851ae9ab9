import { MAX_SEARCH_LENGTH } from "@latchkey/types/inputs/search-text";

export const BACKOFFICE_TABS = ["teams", "people"] as const;

/** The page's state, all of it in the address. An absent parameter is its default. */
export interface BackofficeSearch {
  readonly tab?: "people";
  readonly q?: string;
  /** The cursor this page of the list starts after. */
  readonly after?: string;
}

/** Reads what somebody may have typed into the address: what is not understood is dropped. */
export function parseBackofficeSearch({ tab, q, after }: Record<string, unknown>): BackofficeSearch {
  return {
    ...(tab === "people" ? { tab } : {}),
    ...(typeof q === "string" && q !== "" ? { q: q.slice(0, MAX_SEARCH_LENGTH) } : {}),
    ...(typeof after === "string" && after !== "" ? { after } : {}),
  };
}

/** What the server is asked for; null: for all. */
export function searchedText(q: string | undefined): string | null {
  const text = q?.trim() ?? "";
  return text === "" ? null : text;
}
