import { randomBytes } from "node:crypto";
import { accessTo, type SessionActor } from "@latchkey/types/actor";
import {
  acceptInvitationInput,
  cancelInvitationInput,
  INVITATION_DAYS,
  invitationListInput,
  inviteMemberInput,
} from "@latchkey/types/inputs/invitations";
import { isTeamRole } from "@latchkey/types/roles";
import type { Database, Transaction } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  PermissionMissingError,
} from "../../platform/domain-error.ts";
import { createId } from "../../platform/id.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { AuditAction } from "@latchkey/types/audit-events";
import { recordAuditEvent } from "../audit/audit.service.ts";
import { isBanned } from "../people/is-banned.ts";
import type { PeopleService } from "../people/people.service.ts";
import { standingIn } from "../teams/standing-in.ts";
import { requireSession, type TeamsService } from "../teams/teams.service.ts";
import type { Invitation } from "./invitation.ts";
import type { MailInvitation } from "./invitation-mail.service.ts";
import { createInvitationToken, hashInvitationToken, invitationLink } from "./invitation-link.ts";
import { isUsable, mayInvite, mayManageInvitations, maySeeInvitations } from "./invitations.policy.ts";
import type { InvitationsRepository } from "./invitations.repository.ts";

interface Dependencies {
  readonly database: Database;
  readonly repository: InvitationsRepository;
  readonly teams: TeamsService;
  readonly people: PeopleService;
  readonly publicUrl: string;
  readonly mailInvitation: MailInvitation;
  readonly transactionTime: TransactionTime;
  readonly now: () => Date;
}

interface Invited {
  readonly invitation: Invitation;
  readonly link: string;
  /** Whether the link is on its way to the invited as well. */
  readonly isMailed: boolean;
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

export function createInvitationsService(dependencies: Dependencies) {
  const { database, repository, teams, people, publicUrl, mailInvitation, transactionTime, now } = dependencies;

  /** The invitation with the actor's standing in its team; not found when they may not see it. */
  const requireVisible = async (actor: SessionActor, id: string) => {
    const stored = await repository.find(id);
    const access = stored === null ? null : standingIn(actor, stored.teamId);
    if (stored === null || access === null || !maySeeInvitations(access)) throw new NotFoundError("invitation");
    return { invitation: toInvitation(stored), access };
  };

  return {
    /** Those that can still be accepted. Without their links, which are told once. */
    async list(context: RequestContext, input: unknown): Promise<Invitation[]> {
      const { teamId } = parseInput(invitationListInput, input);
      const access = await teams.requireTeam(context, teamId);
      if (!maySeeInvitations(access)) throw new PermissionMissingError("members:read");
      return (await repository.listOpen(access.teamId, now())).map(toInvitation);
    },

    /** The link is in this answer and, with a mail server, in one mail. It takes the place of an older one. */
    async invite(context: RequestContext, input: unknown): Promise<Invited> {
      const actor = requireSession(context.actor);
      const { teamId: wanted, email, role } = parseInput(inviteMemberInput, input);
      const access = await teams.requireTeam(context, wanted);
      if (!mayManageInvitations(access)) throw new PermissionMissingError("members:manage");
      if (!mayInvite(access, role)) throw new PermissionMissingError("members:manage", "Only owners invite owners.");

      const { teamId } = access;
      const token = createInvitationToken(randomBytes);
      const invitation = await database.$transaction(async (transaction) => {
        await repository.lockTeam(transaction, teamId);
        if (await repository.isMember(transaction, teamId, email)) throw alreadyMember();
        const older = await repository.findPending(transaction, teamId, email);
        if (older !== null) await close(transaction, context, toInvitation(older), "cancelled");

        const createdAt = await transactionTime(transaction);
        const stored = await repository.insert(transaction, {
          id: createId("invitation"),
          teamId,
          email,
          role,
          tokenHash: hashInvitationToken(token),
          createdAt,
          expiresAt: new Date(createdAt.getTime() + INVITATION_DAYS * DAY_MILLISECONDS),
          inviterId: actor.userId,
        });
        await record(transaction, context, "invitation.created", toInvitation(stored));
        return toInvitation(stored);
      });
      return { invitation, link: invitationLink(publicUrl, token), isMailed: mailInvitation(invitation, token) };
    },

    /** The signed-in person becomes a member. For whatever reason a link opens nothing, the answer is the same. */
    async accept(context: RequestContext, input: unknown): Promise<{ teamId: string; actor: SessionActor }> {
      const actor = requireSession(context.actor);
      const { id: token } = parseInput(acceptInvitationInput, input);
      const tokenHash = hashInvitationToken(token);
      const person = await people.find(actor.userId);
      return database.$transaction(async (transaction) => {
        await repository.lockByTokenHash(transaction, tokenHash);
        const stored = await repository.findByTokenHash(tokenHash, transaction);
        const at = await transactionTime(transaction);
        if (stored === null || person === null || !isUsable(stored, person.email, at)) throw invalid();
        const invitation = toInvitation(stored);
        if (!(await mayInviterStill(transaction, stored.inviterId, invitation, at))) throw invalid();
        if (await repository.isMember(transaction, invitation.teamId, person.email)) throw invalid();

        await close(transaction, context, invitation, "accepted");
        const { teamId, role } = invitation;
        return { teamId, actor: await teams.join(transaction, context, { actor, teamId, role }) };
      });
    },

    /** Its link opens nothing any more. The same answer when repeated. */
    async cancel(context: RequestContext, input: unknown): Promise<Invitation> {
      const actor = requireSession(context.actor);
      const { id } = parseInput(cancelInvitationInput, input);
      const { invitation, access } = await requireVisible(actor, id);
      await teams.enter(context, invitation.teamId);
      if (!mayManageInvitations(access)) throw new PermissionMissingError("members:manage");
      return database.$transaction(async (transaction) => {
        await close(transaction, context, invitation, "cancelled");
        const stored = await repository.find(id, transaction);
        if (stored?.status === "accepted") throw alreadyAccepted();
        return invitation;
      });
    },

    /** Whether this link lets the owner of this address in: they may make an account where sign-up is by invitation. */
    async isOpenFor(token: string, email: string): Promise<boolean> {
      const stored = await repository.findByTokenHash(hashInvitationToken(token));
      return stored !== null && isUsable(stored, email, now());
    },
  };

  async function close(
    transaction: Transaction,
    context: RequestContext,
    invitation: Invitation,
    status: "accepted" | "cancelled",
  ): Promise<void> {
    if (!(await repository.close(transaction, invitation.id, status))) return;
    await record(transaction, context, `invitation.${status}`, invitation);
  }

  async function record(
    transaction: Transaction,
    context: RequestContext,
    action: Extract<AuditAction, `invitation.${string}`>,
    { id, teamId, email, role }: Invitation,
  ): Promise<void> {
    const at = await transactionTime(transaction);
    await recordAuditEvent(transaction, context, { teamId, action, at, targetId: id, after: { email, role } });
  }

  /** Whoever was removed or demoted since leaves no door open behind them. */
  async function mayInviterStill(
    transaction: Transaction,
    inviterId: string,
    { teamId, role }: Invitation,
    at: Date,
  ): Promise<boolean> {
    const inviter = await repository.findInviter(transaction, inviterId, teamId);
    if (inviter === null || isBanned(inviter.bannedAt, inviter.banExpiresAt, at)) return false;
    const memberships = inviter.members.flatMap((member) =>
      isTeamRole(member.role) ? [{ memberId: member.id, teamId, role: member.role }] : [],
    );
    const { isSuperAdmin } = inviter;
    const asNow = { kind: "session", sessionId: "", userId: inviterId, isSuperAdmin, memberships } as const;
    const access = accessTo({ ...asNow, selectedTeamId: null }, teamId);
    return access !== null && mayInvite(access, role);
  }
}

function toInvitation(stored: Omit<Invitation, "role"> & { readonly role: string }): Invitation {
  const { id, teamId, email, role, expiresAt } = stored;
  if (!isTeamRole(role)) throw new Error(`The invitation ${id} has a role that is none.`);
  return { id, teamId, email, role, expiresAt };
}

function alreadyMember(): InvalidInputError {
  return new InvalidInputError([{ path: ["email"], message: "This person is already a member of the team." }]);
}

function alreadyAccepted(): ConflictError {
  return new ConflictError("invitation_invalid", "This invitation was accepted already. Remove the member instead.");
}

function invalid(): ConflictError {
  return new ConflictError(
    "invitation_invalid",
    "This invitation opens nothing for you: it was used, has ended, or was made for another e-mail address. Ask for a new one.",
  );
}
