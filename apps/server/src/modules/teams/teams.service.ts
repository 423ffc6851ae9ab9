import { accessTo, type Actor, type KeyActor, type SessionActor, type TeamAccess } from "@latchkey/types/actor";
import type { PlanName } from "@latchkey/types/plans";
import { isTeamRole, type TeamRole } from "@latchkey/types/roles";
import { selectTeamInput } from "@latchkey/types/inputs/teams";
import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { ConflictError, DomainError, NotFoundError, unauthenticated } from "../../platform/domain-error.ts";
import { createId } from "../../platform/id.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { recordAuditEvent } from "../audit/audit.service.ts";
import type { SubscriptionsService } from "../billing/subscriptions.service.ts";
import { slugOf } from "./team-slug.ts";
import type { TeamSelection, TeamsRepository } from "./teams.repository.ts";

export type TeamsService = ReturnType<typeof createTeamsService>;

interface Dependencies {
  readonly database: Database;
  readonly repository: TeamsRepository;
  readonly subscriptions: SubscriptionsService;
  readonly transactionTime: TransactionTime;
}

export function createTeamsService({ database, repository, subscriptions, transactionTime }: Dependencies) {
  /**
   * The actor's standing in a team: the one named, else the selected one (a key's own). A team that is not theirs to
   * see is not found, exactly like one that does not exist.
   */
  const requireTeam = async (actor: Actor, teamId: string | null | undefined): Promise<TeamAccess> => {
    if (actor.kind === "nobody") throw unauthenticated();
    const id = teamId ?? ownTeamId(actor);
    const access = accessTo(actor, id);
    if (access === null) throw new NotFoundError("team");
    const isOutsideMembership = access.role === "super_admin" && access.memberId === null;
    if (isOutsideMembership && !(await repository.exists(id))) throw new NotFoundError("team");
    return access;
  };

  return {
    requireTeam,

    /** The teams a signed-in person is a member of. */
    listOwn: (actor: SessionActor, selection: TeamSelection) =>
      repository.findByIds(
        actor.memberships.map(({ teamId }) => teamId),
        selection,
      ),

    /** One team the actor may see; null when they may not, or it does not exist. */
    async findVisible(actor: Actor, teamId: string, selection: TeamSelection = {}) {
      if (accessTo(actor, teamId) === null) return null;
      const [team] = await repository.findByIds([teamId], selection);
      return team ?? null;
    },

    /** For the operator's commands and the demo. */
    findBySlug: (slug: string) => repository.findBySlug(slug),

    async select(context: RequestContext, input: unknown): Promise<SessionActor> {
      const actor = requireSession(context.actor);
      const { teamId } = parseInput(selectTeamInput, input);
      const access = await requireTeam(actor, teamId);
      await repository.select(actor.sessionId, actor.userId, access.teamId);
      return { ...actor, selectedTeamId: access.teamId };
    },

    /** A team with its subscription and its owner, in one transaction. Called by the operator's command and the demo. */
    create: (context: RequestContext, { name, ownerId, plan, status = "trialing" }: TeamToCreate) =>
      database.$transaction(async (transaction) => {
        const slug = slugOf(name);
        const id = createId("team");
        const isTaken = await repository.isSlugTaken(transaction, slug);
        const team = { id, name, slug: isTaken ? `${slug}-${id.slice(-6).toLowerCase()}` : slug };
        const at = await transactionTime(transaction);
        await repository.insertTeam(transaction, { ...team, createdAt: at });
        await subscriptions.start(transaction, { teamId: id, plan, status, startsAt: at });
        await recordAuditEvent(transaction, context, {
          teamId: id,
          action: "team.created",
          at,
          targetId: id,
          after: { name, plan },
        });
        await addMember(transaction, context, { teamId: id, userId: ownerId, role: "owner" });
        return team;
      }),

    addMember: (context: RequestContext, member: MemberToAdd) =>
      database.$transaction((transaction) => addMember(transaction, context, member)),
  };

  async function addMember(
    transaction: Parameters<typeof recordAuditEvent>[0],
    context: RequestContext,
    { teamId, userId, role }: MemberToAdd,
  ): Promise<{ id: string }> {
    if (!isTeamRole(role)) throw new Error(`${String(role)} is not a role of a team.`);
    const at = await transactionTime(transaction);
    const member = await repository.insertMember(transaction, {
      id: createId("member"),
      teamId,
      userId,
      role,
      createdAt: at,
    });
    await recordAuditEvent(transaction, context, {
      teamId,
      action: "member.added",
      at,
      targetId: member.id,
      after: { userId, role },
    });
    return { id: member.id };
  }
}

interface TeamToCreate {
  readonly name: string;
  readonly ownerId: string;
  readonly plan: PlanName;
  readonly status?: string;
}

interface MemberToAdd {
  readonly teamId: string;
  readonly userId: string;
  readonly role: TeamRole;
}

function ownTeamId(actor: SessionActor | KeyActor): string {
  if (actor.kind === "key") return actor.teamId;
  if (actor.selectedTeamId === null) {
    throw new ConflictError(
      "no_team_selected",
      "You are in no team yet. Ask an admin to invite you, or send the id of a team.",
    );
  }
  return actor.selectedTeamId;
}

/** For what only people may do: a key is told so, a nobody is asked to sign in. */
export function requireSession(actor: Actor): SessionActor {
  if (actor.kind === "session") return actor;
  if (actor.kind === "nobody") throw unauthenticated();
  throw new DomainError("session_required", "No key may do this; it is for signed-in people.");
}
