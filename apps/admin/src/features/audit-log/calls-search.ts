import { STATUS_CLASSES, type StatusClass } from "@latchkey/types/activity";
import type { ActivityFilter } from "../../generated/graphql.ts";
import type { AuditLogSearch } from "./audit-log-search.ts";
import { startOfDay } from "./start-of-day.ts";

const CODE = /^[a-z_]{1,40}$/;

/** How calls are narrowed beyond what events are narrowed by, all of it in the address. */
export interface CallsSearch {
  readonly status?: StatusClass;
  /** Why they were refused. */
  readonly code?: string;
  /** With what they came; absent: with keys. */
  readonly with?: "sessions" | "all";
}

/** Reads what somebody may have typed into the address: what is not understood is dropped. */
export function parseCallsSearch(search: Record<string, unknown>): CallsSearch {
  const { status, code, with: credential } = search;
  const known = STATUS_CLASSES.find((candidate) => candidate === status);
  return {
    ...(known === undefined ? {} : { status: known }),
    ...(typeof code === "string" && CODE.test(code) ? { code } : {}),
    ...(credential === "sessions" || credential === "all" ? { with: credential } : {}),
  };
}

/** The server's filter. Days begin and end where the viewer is. */
export function activityFilterOf(search: AuditLogSearch): ActivityFilter {
  const { q, key, actor, status, code, with: credential, from, to } = search;
  const text = q?.trim();
  return {
    ...(text === undefined || text === "" ? {} : { search: text }),
    ...(key === undefined ? {} : { keyId: key }),
    ...(actor === undefined ? {} : { actorId: actor }),
    ...(credential === "all" || key !== undefined
      ? {}
      : { credential: credential === undefined ? "API_KEY" : "SESSION" }),
    ...(status === undefined ? {} : { statusClasses: [`STATUS_${status.toUpperCase() as Uppercase<StatusClass>}`] }),
    ...(code === undefined ? {} : { codes: [code] }),
    ...(from === undefined ? {} : { from: startOfDay(from, 0) }),
    ...(to === undefined ? {} : { to: startOfDay(to, 1) }),
  };
}

/** The same filter for the route that exports. */
export function callsAddressOf(search: AuditLogSearch): string {
  const { search: text, keyId, actorId, credential, from, to } = activityFilterOf(search);
  const { status, code } = search;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ search: text, keyId, actorId, credential, status, code, from, to }))
    if (typeof value === "string") parameters.set(name, value);
  const query = parameters.toString();
  return `/api/v1/activity${query === "" ? "" : `?${query}`}`;
}

/** Whether something is chosen beyond that it is about keys. */
export function areCallsNarrowed({ with: credential, ...search }: AuditLogSearch): boolean {
  const { credential: _keysUnlessTold, ...chosen } = activityFilterOf(search);
  return credential !== undefined || Object.keys(chosen).length > 0;
}
