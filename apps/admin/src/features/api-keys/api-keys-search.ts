import type { ApiKeyFilter, ApiKeyOrderBy, ApiKeyOrderField } from "../../generated/graphql.ts";

const STATUSES = ["active", "expired", "revoked"] as const;
export type StatusFilter = (typeof STATUSES)[number];

const SORT_FIELDS = {
  name: "NAME",
  created: "CREATED_AT",
  expires: "EXPIRES_AT",
  "last-used": "LAST_USED",
} as const satisfies Record<string, ApiKeyOrderField>;
export type SortField = keyof typeof SORT_FIELDS;

/** `-name` is descending. */
export type Sort = SortField | `-${SortField}`;

const DEFAULT_SORT: Sort = "-created";
const MAX_SEARCH_LENGTH = 100;
const MAX_ID_LENGTH = 64;

/** The list's state, all of it in the address. An absent parameter is its default. */
export interface ApiKeysSearch {
  /** Text in name or prefix. */
  readonly q?: string;
  readonly status?: StatusFilter;
  /** *Show revoked*. */
  readonly revoked?: "1";
  readonly sort?: Sort;
  /** The cursor this page of the list starts after. */
  readonly after?: string;
  /** The id of the key whose drawer is open. */
  readonly key?: string;
  /** The key to make a replacement of, in the dialog for new keys. */
  readonly replace?: string;
  /** The old key of a pair to compare. */
  readonly replacement?: string;
}

/** Reads what somebody may have typed into the address: what is not understood is dropped. */
export function parseApiKeysSearch(search: Record<string, unknown>): ApiKeysSearch {
  const q = text(search["q"])?.slice(0, MAX_SEARCH_LENGTH);
  const status = STATUSES.find((candidate) => candidate === search["status"]);
  const sort = parseSort(search["sort"]);
  const after = text(search["after"]);
  // Whatever it is: an id that is none opens what a foreign one does.
  const key = text(search["key"])?.slice(0, MAX_ID_LENGTH);
  const replace = text(search["replace"]);
  const replacement = text(search["replacement"]);
  return {
    ...(q === undefined ? {} : { q }),
    ...(status === undefined ? {} : { status }),
    ...(search["revoked"] === "1" ? { revoked: "1" } : {}),
    ...(sort === undefined || sort === DEFAULT_SORT ? {} : { sort }),
    ...(after === undefined ? {} : { after }),
    ...(key === undefined ? {} : { key }),
    ...(replace === undefined ? {} : { replace }),
    ...(replacement === undefined || replace !== undefined ? {} : { replacement }),
  };
}

/** The server's filter: revoked keys are left out unless asked for. */
export function filterOf({ q, status, revoked }: ApiKeysSearch): ApiKeyFilter {
  const search = q?.trim();
  return {
    ...(search === undefined || search === "" ? {} : { search }),
    ...statusFilter(status, revoked === "1"),
  };
}

export function orderByOf({ sort = DEFAULT_SORT }: ApiKeysSearch): ApiKeyOrderBy {
  const { field, isDescending } = sortParts(sort);
  return { field: SORT_FIELDS[field], direction: isDescending ? "DESC" : "ASC" };
}

/** What a click on a column's header leads to: its natural direction first, then the other one. */
export function nextSort(current: Sort | undefined, field: SortField): Sort {
  const { field: sorted, isDescending } = sortParts(current ?? DEFAULT_SORT);
  const startsDescending = field === "created" || field === "last-used";
  if (sorted !== field) return startsDescending ? `-${field}` : field;
  return isDescending ? field : `-${field}`;
}

export function sortDirection(current: Sort | undefined, field: SortField): "ascending" | "descending" | "none" {
  const { field: sorted, isDescending } = sortParts(current ?? DEFAULT_SORT);
  if (sorted !== field) return "none";
  return isDescending ? "descending" : "ascending";
}

export function showsRevoked({ status, revoked }: ApiKeysSearch): boolean {
  return status === "revoked" || (status === undefined && revoked === "1");
}

/** Whether the list is narrowed by something the person can clear, beyond the hiding of revoked keys. */
export function isNarrowed({ q, status }: ApiKeysSearch): boolean {
  return (q !== undefined && q.trim() !== "") || status !== undefined;
}

function statusFilter(status: StatusFilter | undefined, isRevokedShown: boolean): Pick<ApiKeyFilter, "status"> {
  if (status === "active") return { status: ["ACTIVE"] };
  if (status === "expired") return { status: ["EXPIRED"] };
  if (status === "revoked") return { status: ["REVOKED"] };
  return isRevokedShown ? {} : { status: ["ACTIVE", "EXPIRED"] };
}

function sortParts(sort: Sort): { field: SortField; isDescending: boolean } {
  const isDescending = sort.startsWith("-");
  return { field: (isDescending ? sort.slice(1) : sort) as SortField, isDescending };
}

function parseSort(value: unknown): Sort | undefined {
  if (typeof value !== "string") return undefined;
  return Object.hasOwn(SORT_FIELDS, value.replace(/^-/, "")) ? (value as Sort) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Changes the address; `cursors` are those of the pages before the one it leads to. */
export type SearchChange = (
  change: Partial<Record<keyof ApiKeysSearch, string | undefined>>,
  cursors?: readonly (string | null)[],
) => void;
