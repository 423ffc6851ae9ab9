import type { TeamRole } from "@latchkey/types/roles";
import type { Database, Transaction } from "../../platform/database/database.ts";

export type InvitationsRepository = ReturnType<typeof createInvitationsRepository>;

interface NewInvitation {
  readonly id: string;
  readonly teamId: string;
  readonly email: string;
  readonly role: TeamRole;
  readonly tokenHash: Uint8Array<ArrayBuffer>;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly inviterId: string;
}

const COLUMNS = {
  id: true,
  teamId: true,
  email: true,
  role: true,
  status: true,
  expiresAt: true,
  inviterId: true,
} as const;

export function createInvitationsRepository(database: Database) {
  return {
    /** Those that can still be accepted, newest first. */
    listOpen: (teamId: string, now: Date) =>
      database.invitation.findMany({
        where: { teamId, status: "pending", expiresAt: { gt: now } },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        select: COLUMNS,
      }),

    /** By id alone: the caller decides by the row's team whether it may be seen. */
    find: (id: string, client: Database | Transaction = database) =>
      client.invitation.findUnique({ where: { id }, select: COLUMNS }),

    findByTokenHash: (tokenHash: Uint8Array<ArrayBuffer>, client: Database | Transaction = database) =>
      client.invitation.findUnique({ where: { tokenHash }, select: COLUMNS }),

    /** Whoever uses or cancels it meanwhile waits. */
    async lockByTokenHash(transaction: Transaction, tokenHash: Uint8Array<ArrayBuffer>): Promise<void> {
      await transaction.$queryRaw`SELECT id FROM invitation WHERE token_hash = ${tokenHash} FOR UPDATE`;
    },

    /** Invitations of a team are made one after the other, so that an address has one at most. */
    async lockTeam(transaction: Transaction, teamId: string): Promise<void> {
      await transaction.$queryRaw`SELECT id FROM team WHERE id = ${teamId} FOR NO KEY UPDATE`;
    },

    findPending: (transaction: Transaction, teamId: string, email: string) =>
      transaction.invitation.findFirst({ where: { teamId, email, status: "pending" }, select: COLUMNS }),

    isMember: async (transaction: Transaction, teamId: string, email: string) =>
      (await transaction.member.findFirst({ where: { teamId, user: { email } }, select: { id: true } })) !== null,

    /** What the inviter is now, in the team and on the platform. */
    findInviter: (transaction: Transaction, inviterId: string, teamId: string) =>
      transaction.user.findUnique({
        where: { id: inviterId },
        select: {
          isSuperAdmin: true,
          bannedAt: true,
          banExpiresAt: true,
          members: { where: { teamId }, select: { id: true, role: true } },
        },
      }),

    /** What a mail says of it; null when it opens nothing any more. */
    findForMail: (id: string) =>
      database.invitation.findUnique({
        where: { id, status: "pending" },
        select: {
          email: true,
          role: true,
          expiresAt: true,
          team: { select: { name: true, slug: true } },
          inviter: { select: { name: true } },
        },
      }),

    insert: (transaction: Transaction, invitation: NewInvitation) =>
      transaction.invitation.create({ data: invitation, select: COLUMNS }),

    /** Whether it was pending until now. */
    async close(transaction: Transaction, id: string, status: "accepted" | "cancelled"): Promise<boolean> {
      const { count } = await transaction.invitation.updateMany({ where: { id, status: "pending" }, data: { status } });
      return count === 1;
    },
  };
}
