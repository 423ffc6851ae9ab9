import { EXPIRES_SOON_DAYS, type ApiKeyStatus } from "@latchkey/types/api-key-status";
import type { ApiKeyFilter, ApiKeyOrder } from "@latchkey/types/inputs/api-key-list";
import { Prisma } from "../../generated/prisma/client.ts";
import type { KeysetPosition } from "./api-key-cursor.ts";
import type { KeyVisibility } from "./api-keys.policy.ts";

// Fragments of the list's statement: `k` is the key, `l` its last use. Every value is a bound parameter.

const EVERY = Prisma.sql`TRUE`;

export function visibleIn(teamId: string, visibility: KeyVisibility): Prisma.Sql {
  const inTeam = Prisma.sql`k.team_id = ${teamId}`;
  switch (visibility.kind) {
    case "all":
      return inTeam;
    case "created_by":
      return Prisma.sql`${inTeam} AND k.created_by_id = ${visibility.userId}`;
    case "none":
      return Prisma.sql`FALSE`;
  }
}

export function isEmpty(filter: ApiKeyFilter): boolean {
  return Object.values(filter).every((value) => value == null);
}

export function matches(filter: ApiKeyFilter): Prisma.Sql {
  const conditions: Prisma.Sql[] = [];
  if (filter.status)
    conditions.push(Prisma.sql`(${Prisma.join([Prisma.sql`FALSE`, ...filter.status.map(hasStatus)], " OR ")})`);
  const search = filter.search?.normalize("NFC").trim();
  if (search) {
    const literal = search.replace(/[\\%_]/g, "\\$&");
    conditions.push(Prisma.sql`(k.name ILIKE ${`%${literal}%`} OR k.prefix LIKE ${`${literal}%`})`);
  }
  if (filter.permission) conditions.push(Prisma.sql`${filter.permission} = ANY(k.permissions)`);
  if (filter.createdById) conditions.push(Prisma.sql`k.created_by_id = ${filter.createdById}`);
  if (filter.expiresSoon != null)
    conditions.push(filter.expiresSoon ? EXPIRES_SOON : Prisma.sql`NOT (${EXPIRES_SOON})`);
  if (filter.unusedForDays != null) {
    conditions.push(
      Prisma.sql`coalesce(l.last_used_at, k.created_at) <= now() - make_interval(days => ${filter.unusedForDays}::int)`,
    );
  }
  if (filter.neverUsed != null)
    conditions.push(filter.neverUsed ? Prisma.sql`l.last_used_at IS NULL` : Prisma.sql`l.last_used_at IS NOT NULL`);
  return conditions.length === 0 ? EVERY : Prisma.join(conditions, " AND ");
}

const UNEXPIRED = Prisma.sql`(k.expires_at IS NULL OR k.expires_at > now())`;
const EXPIRES_SOON = Prisma.sql`(k.revoked_at IS NULL AND k.expires_at IS NOT NULL AND k.expires_at > now()
  AND k.expires_at <= now() + make_interval(days => ${EXPIRES_SOON_DAYS}::int))`;

/** The same three words as apiKeyStatus() of the contract; a test compares the two. */
function hasStatus(status: ApiKeyStatus): Prisma.Sql {
  switch (status) {
    case "REVOKED":
      return Prisma.sql`k.revoked_at IS NOT NULL`;
    case "EXPIRED":
      return Prisma.sql`(k.revoked_at IS NULL AND k.expires_at <= now())`;
    case "ACTIVE":
      return Prisma.sql`(k.revoked_at IS NULL AND ${UNEXPIRED})`;
  }
}

/** Nulls come last in either direction; the id makes the order total. */
export function orderBy(order: ApiKeyOrder): Prisma.Sql {
  const direction = order.direction === "ASC" ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  // The created index is used only without NULLS LAST, which a column that is never null does not need.
  const nulls = order.field === "CREATED_AT" || order.field === "NAME" ? Prisma.empty : Prisma.sql`NULLS LAST`;
  return Prisma.sql`${sortExpression(order)} ${direction} ${nulls}, k.id ${direction}`;
}

/** The rows behind a position: found by value, never by counting, so that page 200 costs what page 1 does. */
export function afterPosition(order: ApiKeyOrder, after: KeysetPosition | null): Prisma.Sql {
  if (after === null) return EVERY;
  const expression = sortExpression(order);
  const beyond = order.direction === "ASC" ? Prisma.sql`>` : Prisma.sql`<`;
  if (after.value === null) return Prisma.sql`(${expression} IS NULL AND k.id ${beyond} ${after.id})`;
  const behind = Prisma.sql`(${expression}, k.id) ${beyond} (${sortParameter(order, after.value)}, ${after.id})`;
  const mayBeNull = order.field === "EXPIRES_AT" || order.field === "LAST_USED";
  return mayBeNull ? Prisma.sql`(${behind} OR ${expression} IS NULL)` : behind;
}

function sortExpression(order: ApiKeyOrder): Prisma.Sql {
  switch (order.field) {
    case "CREATED_AT":
      return Prisma.sql`k.created_at`;
    case "NAME":
      return Prisma.sql`lower(k.name)`;
    case "EXPIRES_AT":
      return Prisma.sql`k.expires_at`;
    case "LAST_USED":
      return Prisma.sql`l.last_used_at`;
  }
}

function sortParameter(order: ApiKeyOrder, value: Date | string): Prisma.Sql {
  return order.field === "NAME" ? Prisma.sql`lower(${value}::text)` : Prisma.sql`${value}::timestamptz`;
}
