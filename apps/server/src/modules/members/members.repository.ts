import { isTeamRole, type TeamRole } from "@latchkey/types/roles";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Database, Transaction } from "../../platform/database/database.ts";
import type { Member } from "./member.ts";
import type { MemberPosition } from "./member-cursor.ts";

export type MembersRepository = ReturnType<typeof createMembersRepository>;

interface MemberRow {
  readonly id: string;
  readonly team_id: string;
  readonly role: string;
  readonly created_at: Date;
  readonly user_id: string;
  readonly name: string;
  readonly email: string;
  readonly active_keys: number;
  readonly is_last_owner: boolean;
}

const MEMBERS = Prisma.sql`
  SELECT m.id, m.team_id, m.role, m.created_at, u.id AS user_id, u.name, u.email,
         (SELECT count(*)::int FROM api_key k
           WHERE k.team_id = m.team_id AND k.created_by_id = m.user_id AND k.revoked_at IS NULL
             AND (k.expires_at IS NULL OR k.expires_at > now())) AS active_keys,
         m.role = 'owner' AND NOT EXISTS (
           SELECT FROM member o WHERE o.team_id = m.team_id AND o.role = 'owner' AND o.id <> m.id) AS is_last_owner
    FROM member m JOIN "user" u ON u.id = m.user_id`;

export function createMembersRepository(database: Database) {
  return {
    /** One page, in the order in which they joined. */
    async listPage(teamId: string, after: MemberPosition | null, limit: number): Promise<Member[]> {
      const behind =
        after === null
          ? Prisma.sql`TRUE`
          : Prisma.sql`(m.created_at, m.id) > (${after.joinedAt}::timestamptz, ${after.id})`;
      const rows = await database.$queryRaw<MemberRow[]>`
        ${MEMBERS} WHERE m.team_id = ${teamId} AND ${behind} ORDER BY m.created_at, m.id LIMIT ${limit}`;
      return rows.map(toMember);
    },

    /** By id alone: the caller decides by the row's team whether it may be seen. */
    async find(id: string, client: Database | Transaction = database): Promise<Member | null> {
      const [row] = await client.$queryRaw<MemberRow[]>`${MEMBERS} WHERE m.id = ${id}`;
      return row === undefined ? null : toMember(row);
    },

    findMembership: (transaction: Transaction, userId: string, teamId: string) =>
      transaction.member.findUnique({ where: { teamId_userId: { teamId, userId } }, select: { id: true, role: true } }),

    /** Changes of who is what in a team wait for each other here, so that each decides by what the one before left. */
    async lockTeam(transaction: Transaction, teamId: string): Promise<void> {
      await transaction.$queryRaw`SELECT id FROM team WHERE id = ${teamId} FOR NO KEY UPDATE`;
    },

    setRole: (transaction: Transaction, id: string, role: TeamRole) =>
      transaction.member.update({ where: { id }, data: { role }, select: { id: true } }),

    remove: (transaction: Transaction, id: string) =>
      transaction.member.delete({ where: { id }, select: { id: true } }),
  };
}

function toMember(row: MemberRow): Member {
  if (!isTeamRole(row.role)) throw new Error(`The member ${row.id} has a role that is none.`);
  return {
    id: row.id,
    teamId: row.team_id,
    user: { id: row.user_id, name: row.name, email: row.email, teamId: row.team_id, isMember: true },
    role: row.role,
    joinedAt: row.created_at,
    activeKeys: row.active_keys,
    isLastOwner: row.is_last_owner,
  };
}
