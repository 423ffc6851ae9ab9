import {
  needsSecondFactor,
  roleIn,
  type Actor,
  type KeyActor,
  type Membership,
  type SessionActor,
  type TeamAccess,
} from "@latchkey/types/actor";
import type { PlanName } from "@latchkey/types/plans";
import { isTeamRole, type TeamRole } from "@latchkey/types/roles";
import { createTeamInput, selectTeamInput } from "@latchkey/types/inputs/teams";
import type { Database, Transaction } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { ConflictError, DomainError, NotFoundError, unauthenticated } from "../../platform/domain-error.ts";
import { createId } from "../../platform/id.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { recordAuditEvent } from "../audit/audit.service.ts";
import type { SubscriptionsService } from "../billing/subscriptions.service.ts";
import { standingIn } from "./standing-in.ts";
import { createTeamEntries } from "./team-entries.service.ts";
import { slugOf } from "./team-slug.ts";
import type { TeamSelection, TeamsRepository } from "./teams.repository.ts";

export type TeamsService = ReturnType<typeof createTeamsService>;

interface Dependencies {
  readonly database: Database;
  readonly repository: TeamsRepository;
  readonly subscriptions: SubscriptionsService;
  readonly transactionTime: TransactionTime;
  /** Of teams that people make themselves. */
  readonly defaultPlan: PlanName;
}

export function createTeamsService({
  database,
  repository,
  subscriptions,
  transactionTime,
  defaultPlan,
}: Dependencies) {
  const entries = createTeamEntries({ database, repository, transactionTime });

  /** The actor's standing in a team, which they come into by this; null when it is not theirs to see, or does not exist. */
  const enter = async (context: RequestContext, teamId: string): Promise<TeamAccess | null> => {
    const access = standingIn(context.actor, teamId);
    return access !== null && (await entries.note(context, access)) ? access : null;
  };

  /**
   * The actor's standing in a team: the one named, else the selected one (a key's own). A team that is not theirs to
   * see is not found, exactly like one that does not exist.
   */
  const requireTeam = async (context: RequestContext, teamId: string | null | undefined): Promise<TeamAccess> => {
    const { actor } = context;
    if (actor.kind === "nobody") throw unauthenticated();
    const access = await enter(context, teamId ?? ownTeamId(actor));
    if (access === null) throw new NotFoundError("team");
    return access;
  };

  return {
    enter,
    requireTeam,

    /** The teams a signed-in person is a member of. */
    listOwn: (actor: SessionActor, selection: TeamSelection) =>
      repository.findByIds(
        actor.memberships.map(({ teamId }) => teamId),
        selection,
      ),

    /** One team the actor may see; null when they may not, or it does not exist. */
    async findVisible(context: RequestContext, teamId: string, selection: TeamSelection = {}) {
      // Whoever has to pass a second factor first still learns which team asks for it.
      const isSeen = needsSecondFactor(context.actor, teamId)
        ? roleIn(context.actor, teamId) !== null
        : (await enter(context, teamId)) !== null;
      if (!isSeen) return null;
      const [team] = await repository.findByIds([teamId], selection);
      return team ?? null;
    },

    /** For the operator's commands and the demo. */
    findBySlug: (slug: string) => repository.findBySlug(slug),

    async select(context: RequestContext, input: unknown): Promise<SessionActor> {
      const actor = requireSession(context.actor);
      const { teamId } = parseInput(selectTeamInput, input);
      const access = await requireTeam(context, teamId);
      return database.$transaction((transaction) => selectIn(transaction, actor, access.teamId));
    },

    /** A team of one's own, selected at once. */
    async createOwn(context: RequestContext, input: unknown): Promise<{ teamId: string; actor: SessionActor }> {
      const actor = requireSession(context.actor);
      const { name } = parseInput(createTeamInput, input);
      return database.$transaction(async (transaction) => {
        const { owner } = await create(transaction, context, { name, ownerId: actor.userId, plan: defaultPlan });
        return { teamId: owner.teamId, actor: await selectIn(transaction, withMembership(actor, owner), owner.teamId) };
      });
    },

    /** A team with its subscription and its owner, in one transaction. Called by the operator's command and the demo. */
    create: (context: RequestContext, team: TeamToCreate) =>
      database.$transaction((transaction) => create(transaction, context, team)),

    /** For the operator's commands and the demo; people join by invitation. */
    addMember: (context: RequestContext, member: MemberToAdd) =>
      database.$transaction((transaction) => addMember(transaction, context, member)),

    /** The actor becomes a member inside the caller's transaction, and works in the team from now on. */
    async join(
      transaction: Transaction,
      context: RequestContext,
      { actor, teamId, role }: { actor: SessionActor; teamId: string; role: TeamRole },
    ): Promise<SessionActor> {
      const membership = await addMember(transaction, context, { teamId, userId: actor.userId, role });
      return selectIn(transaction, withMembership(actor, membership), teamId);
    },
  };

  async function selectIn(transaction: Transaction, actor: SessionActor, teamId: string): Promise<SessionActor> {
    await repository.select(transaction, actor.sessionId, actor.userId, teamId);
    return { ...actor, selectedTeamId: teamId };
  }

  async function create(
    transaction: Transaction,
    context: RequestContext,
    { name, ownerId, plan, status = "trialing" }: TeamToCreate,
  ) {
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
    const owner = await addMember(transaction, context, { teamId: id, userId: ownerId, role: "owner" });
    return { ...team, owner };
  }

  async function addMember(
    transaction: Transaction,
    context: RequestContext,
    { teamId, userId, role }: MemberToAdd,
  ): Promise<Membership> {
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
    return { memberId: member.id, teamId, role };
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

function withMembership(actor: SessionActor, membership: Membership): SessionActor {
  return { ...actor, memberships: [...actor.memberships, membership] };
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
