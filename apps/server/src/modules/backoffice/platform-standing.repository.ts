import type { Transaction } from "../../platform/database/database.ts";

export interface PlatformStanding {
  readonly id: string;
  readonly isSuperAdmin: boolean;
  readonly bannedAt: Date | null;
  readonly banExpiresAt: Date | null;
  readonly banReason: string | null;
}

export interface Ban {
  readonly bannedAt: Date | null;
  readonly banReason: string | null;
}

/** Locked in the order of their ids, so that two who ban each other take turns. */
export function lockPeople(transaction: Transaction, ids: readonly string[]): Promise<PlatformStanding[]> {
  return transaction.$queryRaw<PlatformStanding[]>`
    SELECT id, is_super_admin AS "isSuperAdmin", banned_at AS "bannedAt", ban_expires_at AS "banExpiresAt",
           ban_reason AS "banReason"
      FROM "user" WHERE id = ANY(${[...ids]}::text[]) ORDER BY id FOR NO KEY UPDATE`;
}

export async function writeBan(transaction: Transaction, userId: string, ban: Ban): Promise<void> {
  await transaction.user.update({ where: { id: userId }, data: { ...ban, banExpiresAt: null }, select: { id: true } });
}

export async function writeSuperAdmin(transaction: Transaction, userId: string, isSuperAdmin: boolean): Promise<void> {
  await transaction.user.update({ where: { id: userId }, data: { isSuperAdmin }, select: { id: true } });
}

export async function deleteSessions(transaction: Transaction, userId: string): Promise<void> {
  await transaction.session.deleteMany({ where: { userId } });
}

/** Where their ban is felt: the teams they are in, and those in which a key of theirs was left unrevoked. */
export async function findTeamsOf(transaction: Transaction, userId: string): Promise<string[]> {
  const rows = await transaction.$queryRaw<{ team_id: string }[]>`
    SELECT team_id FROM member WHERE user_id = ${userId}
    UNION SELECT team_id FROM api_key WHERE created_by_id = ${userId} AND revoked_at IS NULL
    ORDER BY team_id`;
  return rows.map(({ team_id: teamId }) => teamId);
}
