import type { AuditAction } from "@latchkey/types/audit-events";
import type { AuditFilter } from "@latchkey/types/inputs/audit-log";
import { Prisma } from "../../generated/prisma/client.ts";
import type { LogPosition } from "../../platform/log-cursor.ts";

// Fragments of the list's statement: `e` is the event. Every value is a bound parameter.

/** Columns with an index of their own behind the team, in the order of the list. */
type Column = "target_id" | "actor_id" | "actor_key_id" | "action" | "ip" | "request_id" | "id";

/** Events whose column has one of these values. */
interface Branch {
  readonly column: Column;
  readonly values: readonly string[];
}

/** What a search can mean: the things and people whose name it is a part of, actions, and whole ids and addresses. */
export interface SearchMeaning {
  readonly text: string;
  readonly targetIds: readonly string[];
  readonly personIds: readonly string[];
  readonly actions: readonly AuditAction[];
}

export interface AuditSelection {
  readonly teamId: string;
  readonly filter: AuditFilter;
  readonly search: SearchMeaning | null;
  /** Only what is older than this place of the list. */
  readonly after: LogPosition | null;
  readonly limit: number;
}

/** With more values, events are so likely to match that they are found sooner in the order of time. */
const MAX_LOOKED_UP = 300;

/**
 * Ids of a page, newest first. A condition that picks few events of many is looked up in its own index, value by value,
 * each giving at most a page: what a page costs does not grow with the log.
 */
export function pageOfIds({ teamId, filter: given, search, after, limit }: AuditSelection): Prisma.Sql {
  const filter = beyond(after, given);
  const searched = search === null ? null : branchesOfSearch(search);
  const driving = drivingBranches(filter, searched);
  const rest = [Prisma.sql`e.team_id = ${teamId}`, ...conditionsOf(filter, searched, driving)];
  if (after !== null) rest.push(Prisma.sql`(e.at, e.id) < (${after.at}::timestamptz, ${after.id})`);
  const matching = Prisma.join(rest, " AND ");
  if (driving === null)
    return Prisma.sql`SELECT e.at, e.id FROM audit_event e WHERE ${matching} ORDER BY e.at DESC, e.id DESC LIMIT ${limit}`;
  const found = driving.map(
    ({ column, values }) => Prisma.sql`
    SELECT x.at, x.id FROM unnest(${[...values]}::text[]) AS v(value) CROSS JOIN LATERAL (
      SELECT e.at, e.id FROM audit_event e WHERE ${matching} AND ${columnOf(column)} = v.value
       ORDER BY e.at DESC, e.id DESC LIMIT ${limit}) x`,
  );
  return Prisma.sql`SELECT f.at, f.id FROM (${Prisma.join(found, " UNION ")}) f ORDER BY f.at DESC, f.id DESC LIMIT ${limit}`;
}

/**
 * The filter for what lies behind a place. An end that is later than the place says nothing more, and would be where
 * PostgreSQL begins to read the index: each page would cost all pages before it.
 */
function beyond(after: LogPosition | null, filter: AuditFilter): AuditFilter {
  return after !== null && filter.to != null && after.at < filter.to ? { ...filter, to: null } : filter;
}

function drivingBranches(filter: AuditFilter, searched: readonly Branch[] | null): readonly Branch[] | null {
  if (filter.keyId) return branchesOfKey(filter.keyId);
  const lookedUp = searched?.reduce((sum, { values }) => sum + values.length, 0) ?? 0;
  if (searched !== null && lookedUp <= MAX_LOOKED_UP) return searched;
  if (filter.actorId) return null;
  return filter.actions ? [{ column: "action", values: filter.actions }] : null;
}

function conditionsOf(
  filter: AuditFilter,
  searched: readonly Branch[] | null,
  driving: readonly Branch[] | null,
): Prisma.Sql[] {
  const conditions: Prisma.Sql[] = [];
  if (filter.actorId) conditions.push(Prisma.sql`e.actor_id = ${filter.actorId}`);
  if (filter.actions) conditions.push(Prisma.sql`e.action = ANY(${[...filter.actions]}::text[])`);
  if (filter.from) conditions.push(Prisma.sql`e.at >= ${filter.from}::timestamptz`);
  if (filter.to) conditions.push(Prisma.sql`e.at < ${filter.to}::timestamptz`);
  if (searched !== null && driving !== searched) conditions.push(anyOf(searched));
  return conditions;
}

const branchesOfKey = (id: string): Branch[] => [
  { column: "target_id", values: [id] },
  { column: "actor_key_id", values: [id] },
];

function branchesOfSearch({ text, targetIds, personIds, actions }: SearchMeaning): Branch[] {
  return [
    { column: "target_id", values: [...new Set([text, ...targetIds, ...personIds])] },
    { column: "actor_id", values: [...new Set([text, ...personIds])] },
    { column: "actor_key_id", values: [...new Set([text, ...targetIds])] },
    { column: "action", values: actions },
    { column: "ip", values: [text] },
    { column: "request_id", values: [text] },
    { column: "id", values: [text] },
  ];
}

function anyOf(branches: readonly Branch[]): Prisma.Sql {
  const conditions = branches.map(
    ({ column, values }) => Prisma.sql`${columnOf(column)} = ANY(${[...values]}::text[])`,
  );
  return Prisma.sql`(${Prisma.join(conditions, " OR ")})`;
}

const columnOf = (column: Column): Prisma.Sql => Prisma.raw(`e.${column}`);
