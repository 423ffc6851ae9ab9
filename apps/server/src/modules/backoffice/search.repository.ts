import { Prisma } from "../../generated/prisma/client.ts";
import type { Database } from "../../platform/database/database.ts";

/** Found by index and then sorted: some milliseconds per ten thousand. */
const FEW = 20_000;

export const ALL = Prisma.sql`TRUE`;

interface Searched {
  /** A table with its alias. */
  readonly table: Prisma.Sql;
  readonly condition: Prisma.Sql;
}

/**
 * The table with its condition, so that PostgreSQL goes the shorter way. It cannot tell rare words from frequent ones, so
 * they are counted first, by index. Few are found by index and sorted afterwards: it does not look behind an OFFSET. For
 * many the table is walked in its order, where a page is soon full: a condition that IS TRUE is none for an index.
 */
export async function searchIn(database: Database, { table, condition }: Searched): Promise<Prisma.Sql> {
  const [row] = await database.$queryRaw<{ hits: number }[]>`
    SELECT count(*)::int AS hits FROM (SELECT FROM ${table} WHERE ${condition} LIMIT ${FEW + 1}) found`;
  const isFew = row !== undefined && row.hits <= FEW;
  return isFew ? Prisma.sql`${table} WHERE ${condition} OFFSET 0` : Prisma.sql`${table} WHERE (${condition}) IS TRUE`;
}
