import { accessTo, type Actor, type SessionActor, type TeamAccess } from "@latchkey/types/actor";
import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { changeMemberRoleInput, leaveTeamInput, memberInput, memberListInput } from "@latchkey/types/inputs/members";
import { isTeamRole, type TeamRole } from "@latchkey/types/roles";
import type { Enforce } from "../../platform/coherence/enforce.ts";
import type { Database, Transaction } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { ConflictError, NotFoundError, PermissionMissingError, unauthenticated } from "../../platform/domain-error.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { ApiKey } from "../api-keys/api-key.ts";
import type { ApiKeyRevocations } from "../api-keys/api-key-revocations.service.ts";
import { recordAuditEvent } from "../audit/audit.service.ts";
import { standingIn } from "../teams/standing-in.ts";
import { requireSession, type TeamsService } from "../teams/teams.service.ts";
import type { Member } from "./member.ts";
import { decodeMemberCursor, encodeMemberCursor } from "./member-cursor.ts";
import { isOneself, mayManageMembers, mayRemove, maySeeMembers, rolesFor } from "./members.policy.ts";
import type { MembersRepository } from "./members.repository.ts";

export interface MemberPage {
  readonly members: readonly { readonly member: Member; readonly cursor: string }[];
  readonly hasMore: boolean;
}

/** What the actor may do with a member, for pages that offer only what will be done. */
export interface MemberOptions {
  readonly mayRemove: boolean;
  readonly assignableRoles: readonly TeamRole[];
  readonly mayRevokeKeys: boolean;
}

interface Dependencies {
  readonly database: Database;
  readonly repository: MembersRepository;
  readonly teams: TeamsService;
  readonly revocations: ApiKeyRevocations;
  readonly transactionTime: TransactionTime;
  readonly enforce: Enforce;
}

interface Change {
  readonly transaction: Transaction;
  readonly actor: SessionActor;
  readonly access: TeamAccess;
  readonly member: Member;
  readonly at: Date;
}

export function createMembersService({
  database,
  repository,
  teams,
  revocations,
  transactionTime,
  enforce,
}: Dependencies) {
  /** The member with the actor's standing in their team; not found when they may not be seen. */
  const requireVisible = async (actor: Actor, id: string, client: Database | Transaction = database) => {
    if (actor.kind === "nobody") throw unauthenticated();
    const member = await repository.find(id, client);
    const access = member === null ? null : standingIn(actor, member.teamId);
    if (member === null || access === null || !(maySeeMembers(access) || isOneself(actor, standing(member))))
      throw new NotFoundError("member");
    return { member, access };
  };

  /** One change at a time in a team, judged by what actor and member are once it is their turn. */
  const change = async <Result>(
    context: RequestContext,
    memberId: string,
    make: (change: Change) => Promise<Result>,
  ): Promise<Result> => {
    const session = requireSession(context.actor);
    const { teamId } = (await requireVisible(session, memberId)).member;
    await teams.enter(context, teamId);
    return database.$transaction(async (transaction) => {
      await repository.lockTeam(transaction, teamId);
      const actor = await asOfNow(transaction, session, teamId);
      const { member, access } = await requireVisible(actor, memberId, transaction);
      return make({ transaction, actor, access, member, at: await transactionTime(transaction) });
    });
  };

  const remove = (context: RequestContext, memberId: string): Promise<{ memberId: string; actor: SessionActor }> =>
    change(context, memberId, async ({ transaction, actor, access, member, at }) => {
      assertMay(mayRemove(actor, access, standing(member)), access);
      if (member.isLastOwner) throw lastOwner(isOneself(actor, standing(member)) ? "leave" : "be removed");
      await repository.remove(transaction, memberId);
      const isLeaving = isOneself(actor, standing(member));
      await recordAuditEvent(transaction, context, {
        teamId: member.teamId,
        action: isLeaving ? "member.left" : "member.removed",
        at,
        targetId: memberId,
        before: { userId: member.user.id, role: member.role },
      });
      return { memberId, actor: isLeaving ? withoutTeam(actor, member.teamId) : actor };
    });

  return {
    async list(context: RequestContext, input: unknown): Promise<MemberPage> {
      const { teamId, first, after } = parseInput(memberListInput, input);
      const access = await teams.requireTeam(context, teamId);
      if (!maySeeMembers(access)) throw new PermissionMissingError("members:read");
      const limit = first ?? DEFAULT_PAGE_SIZE;
      const position = after == null ? null : decodeMemberCursor(after);
      const members = await repository.listPage(access.teamId, position, limit + 1);
      return {
        members: members.slice(0, limit).map((member) => ({ member, cursor: encodeMemberCursor(member) })),
        hasMore: members.length > limit,
      };
    },

    optionsFor({ actor }: RequestContext, member: Member): MemberOptions {
      const access = accessTo(actor, member.teamId);
      if (access === null) return { mayRemove: false, assignableRoles: [], mayRevokeKeys: false };
      return {
        mayRemove: !member.isLastOwner && mayRemove(actor, access, standing(member)),
        assignableRoles: member.isLastOwner ? [] : rolesFor(access, member),
        mayRevokeKeys: revocations.mayRevokeAllOf(actor, access, member.user.id),
      };
    },

    /** A demotion shrinks their keys by the time of the answer. So does a promotion: it may follow one that died. */
    async changeRole(context: RequestContext, input: unknown): Promise<Member> {
      requireSession(context.actor);
      const { memberId, role } = parseInput(changeMemberRoleInput, input);
      return enforce(() =>
        change(context, memberId, async ({ transaction, access, member, at }) => {
          assertMay(rolesFor(access, member).includes(role), access);
          if (member.role === role) return member;
          if (member.isLastOwner) throw lastOwner("become something else");
          await repository.setRole(transaction, memberId, role);
          await recordAuditEvent(transaction, context, {
            teamId: member.teamId,
            action: "member.role_changed",
            at,
            targetId: memberId,
            before: { userId: member.user.id, role: member.role },
            after: { userId: member.user.id, role },
          });
          return { ...member, role };
        }),
      );
    },

    /** Their keys stop with the membership. */
    async remove(context: RequestContext, input: unknown): Promise<{ memberId: string; actor: SessionActor }> {
      requireSession(context.actor);
      const { memberId } = parseInput(memberInput, input);
      return enforce(() => remove(context, memberId));
    },

    /** Being removed by oneself. */
    async leave(context: RequestContext, input: unknown): Promise<{ memberId: string; actor: SessionActor }> {
      requireSession(context.actor);
      const { teamId } = parseInput(leaveTeamInput, input);
      return enforce(async () => {
        const { memberId } = await teams.requireTeam(context, teamId);
        if (memberId === null) throw new NotFoundError("member");
        return remove(context, memberId);
      });
    },

    /** Every active key that this person made in the team: revoked together, or none. */
    async revokeApiKeys(context: RequestContext, input: unknown): Promise<ApiKey[]> {
      const session = requireSession(context.actor);
      const { memberId } = parseInput(memberInput, input);
      return enforce(async () => {
        const { member } = await requireVisible(session, memberId);
        await teams.enter(context, member.teamId);
        return revocations.revokeAllOf(context, { teamId: member.teamId, createdById: member.user.id });
      });
    },
  };

  async function asOfNow(transaction: Transaction, actor: SessionActor, teamId: string): Promise<SessionActor> {
    const found = await repository.findMembership(transaction, actor.userId, teamId);
    const others = actor.memberships.filter((membership) => membership.teamId !== teamId);
    if (found === null || !isTeamRole(found.role)) return { ...actor, memberships: others };
    const membership = { memberId: found.id, teamId, role: found.role };
    const memberships = actor.memberships.map((known) => (known.teamId === teamId ? membership : known));
    return { ...actor, memberships };
  }
}

function standing({ user, role }: Member) {
  return { userId: user.id, role };
}

function assertMay(may: boolean, access: TeamAccess): void {
  if (may) return;
  if (!mayManageMembers(access)) throw new PermissionMissingError("members:manage");
  throw new PermissionMissingError("members:manage", "Only owners make, change and remove owners. Ask an owner.");
}

function lastOwner(what: string): ConflictError {
  return new ConflictError("last_owner", `The team's last owner cannot ${what}. Make somebody else an owner first.`);
}

/** The actor after they left: in the next team, if they have one. */
function withoutTeam(actor: SessionActor, teamId: string): SessionActor {
  const memberships = actor.memberships.filter((membership) => membership.teamId !== teamId);
  const selectedTeamId = actor.selectedTeamId === teamId ? (memberships[0]?.teamId ?? null) : actor.selectedTeamId;
  return { ...actor, memberships, selectedTeamId };
}
