import { isAuditAction, type AuditAction } from "@latchkey/types/audit-events";
import type { AuditFilter } from "../../generated/graphql.ts";
import { parseCallsSearch, type CallsSearch } from "./calls-search.ts";
import { startOfDay } from "./start-of-day.ts";

const MAX_SEARCH_LENGTH = 100;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const DAY = /^[1-9]\d{3}-\d\d-\d\d$/;

/** What the lists show, all of it in the address. */
export interface AuditLogSearch extends CallsSearch {
  /** *Calls*; absent: *Events*. */
  readonly tab?: "calls";
  readonly q?: string;
  /** The id of a key. */
  readonly key?: string;
  /** The id of a person. */
  readonly actor?: string;
  readonly action?: AuditAction;
  /** Days of the viewer's calendar, both included. */
  readonly from?: string;
  readonly to?: string;
}

export type AuditLogSearchChange = (change: Partial<Record<keyof AuditLogSearch, string | undefined>>) => void;

/** Reads what somebody may have typed into the address: what is not understood is dropped. */
export function parseAuditLogSearch(search: Record<string, unknown>): AuditLogSearch {
  const q = text(search["q"])?.slice(0, MAX_SEARCH_LENGTH);
  const key = matching(search["key"], ID);
  const actor = matching(search["actor"], ID);
  const action = text(search["action"]);
  const from = day(search["from"]);
  const to = day(search["to"]);
  return {
    ...(search["tab"] === "calls" ? { tab: "calls" } : {}),
    ...parseCallsSearch(search),
    ...(q === undefined ? {} : { q }),
    ...(key === undefined ? {} : { key }),
    ...(actor === undefined ? {} : { actor }),
    ...(action !== undefined && isAuditAction(action) ? { action } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** What both lists are filtered by: it stays when somebody goes from one to the other. */
export function sharedSearchOf({ q, key, actor, from, to }: AuditLogSearch): AuditLogSearch {
  return Object.fromEntries(
    Object.entries({ q, key, actor, from, to }).filter(([, value]) => value !== undefined),
  ) as AuditLogSearch;
}

/** The server's filter. Days begin and end where the viewer is. */
export function auditFilterOf({ q, key, actor, action, from, to }: AuditLogSearch): AuditFilter {
  const search = q?.trim();
  return {
    ...(search === undefined || search === "" ? {} : { search }),
    ...(key === undefined ? {} : { keyId: key }),
    ...(actor === undefined ? {} : { actorId: actor }),
    ...(action === undefined ? {} : { actions: [action] }),
    ...(from === undefined ? {} : { from: startOfDay(from, 0) }),
    ...(to === undefined ? {} : { to: startOfDay(to, 1) }),
  };
}

/** The same filter for the route that exports. */
export function exportAddressOf(search: AuditLogSearch): string {
  const { search: text, keyId, actorId, actions, from, to } = auditFilterOf(search);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ search: text, keyId, actorId, action: actions?.[0], from, to }))
    if (typeof value === "string") parameters.set(name, value);
  const query = parameters.toString();
  return `/api/v1/audit-log${query === "" ? "" : `?${query}`}`;
}

export function isNarrowed(search: AuditLogSearch): boolean {
  return Object.keys(auditFilterOf(search)).length > 0;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  const given = text(value);
  return given !== undefined && pattern.test(given) ? given : undefined;
}

/** A day that the calendar has. */
function day(value: unknown): string | undefined {
  const given = matching(value, DAY);
  if (given === undefined) return undefined;
  const instant = new Date(`${given}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(given) ? given : undefined;
}
