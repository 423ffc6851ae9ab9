import type { CallCredential, StatusClass } from "@latchkey/types/activity";
import type { ActivityFilter } from "@latchkey/types/inputs/activity";
import { Prisma } from "../../generated/prisma/client.ts";

// Fragments of the statements that search the record of calls. Every value is a bound parameter.

/** What a search can mean: a part of an operation's name, keys by name or prefix, an address or a request's id as a whole. */
export interface CallSearch {
  readonly text: string;
  readonly keyIds: readonly string[];
}

export interface CallSelection {
  readonly teamId: string;
  readonly filter: ActivityFilter;
  readonly search: CallSearch | null;
}

/** What decides whether a call that was read is one of those that are looked for. Columns of `c`. */
export function matchingCalls({ teamId, filter, search }: CallSelection): Prisma.Sql {
  const conditions = [Prisma.sql`c.team_id = ${teamId}`];
  if (filter.keyId) conditions.push(Prisma.sql`c.key_id = ${filter.keyId}`);
  if (filter.actorId) conditions.push(Prisma.sql`c.user_id = ${filter.actorId}`);
  if (filter.credential) conditions.push(CREDENTIALS[filter.credential]);
  if (filter.operation) conditions.push(Prisma.sql`c.operation = ${filter.operation}`);
  if (filter.codes) conditions.push(Prisma.sql`c.code = ANY(${[...filter.codes]}::text[])`);
  if (filter.statusClasses) {
    const digits = filter.statusClasses.map((name: StatusClass) => Number(name.charAt(0)));
    conditions.push(Prisma.sql`c.status / 100 = ANY(${digits}::int[])`);
  }
  if (filter.from) conditions.push(Prisma.sql`c.at >= ${filter.from}::timestamptz`);
  if (filter.to) conditions.push(Prisma.sql`c.at < ${filter.to}::timestamptz`);
  if (search !== null) conditions.push(searched(search));
  return Prisma.join(conditions, " AND ");
}

const CREDENTIALS: Readonly<Record<CallCredential, Prisma.Sql>> = {
  API_KEY: Prisma.sql`c.key_id IS NOT NULL`,
  SESSION: Prisma.sql`c.key_id IS NULL`,
};

function searched({ text, keyIds }: CallSearch): Prisma.Sql {
  return Prisma.sql`(c.operation ILIKE ${containing(text)} OR c.ip = ${text} OR c.request_id = ${text}
    OR c.key_id = ANY(${[...keyIds]}::text[]))`;
}

/** For ILIKE: this text, wherever it stands. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** Whose hours tell when there can be such calls. */
export function subjectsOf({ keyId, credential }: ActivityFilter): readonly string[] {
  if (keyId) return [keyId];
  if (credential === "API_KEY") return ["keys"];
  return credential === "SESSION" ? ["sessions"] : ["keys", "sessions"];
}

/** Whether the counts by outcome rule hours out. */
export function isNarrowed({ codes, statusClasses }: ActivityFilter): boolean {
  return codes != null || (statusClasses != null && !statusClasses.includes("2xx"));
}

/** What the outcome of an hour has to be for such calls to be in it. Whatever is answered 4xx or 5xx has a code. */
export function countedOutcomes(filter: ActivityFilter): Prisma.Sql {
  if (!isNarrowed(filter)) return Prisma.empty;
  return filter.codes ? Prisma.sql`AND code = ANY(${[...filter.codes]}::text[])` : Prisma.sql`AND code <> ''`;
}
