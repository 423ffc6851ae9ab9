import type { SessionActor } from "@latchkey/types/actor";
import type { Enforce } from "../../platform/coherence/enforce.ts";
import type { Database, Transaction } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { NotFoundError, PermissionMissingError } from "../../platform/domain-error.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { AuditAction } from "@latchkey/types/audit-events";
import { recordAuditEvents } from "../audit/audit.service.ts";
import { isBanned } from "../people/is-banned.ts";
import {
  deleteSessions,
  findTeamsOf,
  lockPeople,
  writeBan,
  writeSuperAdmin,
  type PlatformStanding,
} from "./platform-standing.repository.ts";

export type BansService = ReturnType<typeof createBansService>;

interface Dependencies {
  readonly database: Database;
  readonly transactionTime: TransactionTime;
  readonly enforce: Enforce;
}

interface BanChange {
  readonly userId: string;
  readonly banned: boolean;
  readonly reason: string | null;
}

interface PlatformEvent {
  readonly action: AuditAction;
  readonly at: Date;
  readonly targetId: string;
}

/** What holds for a person on the whole platform. Who may change it is for the caller to decide. */
export function createBansService({ database, transactionTime, enforce }: Dependencies) {
  return {
    /** Ends every session, too. An unban gives back no session, and every key what was chosen for it. */
    setBan: (context: RequestContext, actor: SessionActor, { userId, banned, reason }: BanChange): Promise<void> =>
      enforce(() =>
        database.$transaction(async (transaction) => {
          const people = await lockPeople(transaction, [userId, actor.userId]);
          const at = await transactionTime(transaction);
          assertStillInCharge(standingOf(people, actor.userId), at);
          const person = standingOf(people, userId);
          if (person === null) throw new NotFoundError("person");
          const wasBanned = isBanned(person.bannedAt, person.banExpiresAt, at);
          if (wasBanned === banned && (!banned || person.banReason === reason)) return;

          await writeBan(transaction, userId, { bannedAt: banned ? at : null, banReason: banned ? reason : null });
          // Also when a ban ends: a sign-in that was under way as it began must not come to life with it.
          await deleteSessions(transaction, userId);
          const event = { action: banned ? "user.banned" : "user.unbanned", at, targetId: userId } as const;
          await record(
            transaction,
            context,
            event,
            wasBanned === banned ? [] : await findTeamsOf(transaction, userId),
            {
              before: { isBanned: wasBanned, reason: wasBanned ? person.banReason : null },
              after: { isBanned: banned, reason },
            },
          );
        }),
      ),

    /** For the operator's command. Keys made outside a membership stop when it is taken away, and come back with it. */
    setSuperAdmin: (context: RequestContext, userId: string, isSuperAdmin: boolean): Promise<boolean> =>
      enforce(() =>
        database.$transaction(async (transaction) => {
          const [person] = await lockPeople(transaction, [userId]);
          if (person === undefined) throw new NotFoundError("person");
          if (person.isSuperAdmin === isSuperAdmin) return false;
          await writeSuperAdmin(transaction, userId, isSuperAdmin);
          const at = await transactionTime(transaction);
          const action = isSuperAdmin ? "super_admin.granted" : "super_admin.removed";
          const change = { before: { isSuperAdmin: !isSuperAdmin }, after: { isSuperAdmin } };
          await record(transaction, context, { action, at, targetId: userId }, [], change);
          return true;
        }),
      ),
  };
}

/**
 * One event of the platform, which holds the reason; and one in each team where it is felt, which does not: what somebody
 * did elsewhere is not the team's to read.
 */
async function record(
  transaction: Transaction,
  context: RequestContext,
  event: PlatformEvent,
  teamIds: readonly string[],
  change: {
    readonly before: Record<string, boolean | string | null>;
    readonly after: Record<string, boolean | string | null>;
  },
): Promise<void> {
  const { before, after } = change;
  const inTeams = { before: withoutReason(before), after: withoutReason(after) };
  await recordAuditEvents(transaction, context, [
    { ...event, teamId: null, before, after },
    ...teamIds.map((teamId) => ({ ...event, teamId, ...inTeams })),
  ]);
}

function withoutReason({ reason: _reason, ...rest }: Record<string, boolean | string | null>) {
  return rest;
}

function standingOf(people: readonly PlatformStanding[], id: string): PlatformStanding | null {
  return people.find((person) => person.id === id) ?? null;
}

/** Of two who ban each other at once, the second is banned by now. */
function assertStillInCharge(actor: PlatformStanding | null, at: Date): void {
  if (actor === null || !actor.isSuperAdmin || isBanned(actor.bannedAt, actor.banExpiresAt, at))
    throw new PermissionMissingError("backoffice:access");
}
