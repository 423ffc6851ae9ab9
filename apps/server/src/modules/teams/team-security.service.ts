import { setTeamSecondFactorInput } from "@latchkey/types/inputs/teams";
import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { DomainError, PermissionMissingError } from "../../platform/domain-error.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { recordAuditEvent } from "../audit/audit.service.ts";
import type { Person } from "../people/person.ts";
import { mayRequireSecondFactor, maySeeSecurity } from "./team-security.policy.ts";
import type { TeamSecurityRepository } from "./team-security.repository.ts";
import { requireSession, type TeamsService } from "./teams.service.ts";

interface Dependencies {
  readonly database: Database;
  readonly repository: TeamSecurityRepository;
  readonly teams: TeamsService;
  readonly transactionTime: TransactionTime;
}

/** How the team's own people have to sign in. */
export interface TeamSecurity {
  readonly teamId: string;
  readonly requiresSecondFactor: boolean;
  readonly viewerMayChange: boolean;
  readonly viewerHasSecondFactor: boolean;
}

export function createTeamSecurityService({ database, repository, teams, transactionTime }: Dependencies) {
  const get = async (context: RequestContext, teamId: string | null | undefined): Promise<TeamSecurity> => {
    const actor = requireSession(context.actor);
    const access = await teams.requireTeam(context, teamId);
    if (!maySeeSecurity(access)) throw new PermissionMissingError("members:read");
    return {
      teamId: access.teamId,
      requiresSecondFactor: await repository.requiresSecondFactor(access.teamId),
      viewerMayChange: mayRequireSecondFactor(access),
      viewerHasSecondFactor: await repository.hasSecondFactor(actor.userId),
    };
  };

  return {
    get,

    /** The owners and admins whom the requirement keeps out, or would. */
    async listWithoutSecondFactor({ teamId }: TeamSecurity): Promise<Person[]> {
      const people = await repository.listWithoutSecondFactor(teamId);
      return people.map((person) => ({ ...person, teamId, isMember: true }));
    },

    async setSecondFactor(context: RequestContext, input: unknown): Promise<TeamSecurity> {
      const actor = requireSession(context.actor);
      const { teamId: wanted, isRequired } = parseInput(setTeamSecondFactorInput, input);
      const access = await teams.requireTeam(context, wanted);
      if (!mayRequireSecondFactor(access))
        throw new PermissionMissingError("members:manage", "Only owners decide whether a second factor is required.");
      const { teamId } = access;
      await database.$transaction(async (transaction) => {
        // Whoever locks the door stands inside.
        if (isRequired && !(await repository.hasSecondFactor(actor.userId, transaction))) throw oneselfFirst();
        if (!(await repository.setRequirement(transaction, teamId, isRequired))) return;
        await recordAuditEvent(transaction, context, {
          teamId,
          action: "team.second_factor_changed",
          at: await transactionTime(transaction),
          targetId: teamId,
          before: { requiresSecondFactor: !isRequired },
          after: { requiresSecondFactor: isRequired },
        });
      });
      return get(context, teamId);
    },
  };
}

function oneselfFirst(): DomainError {
  return new DomainError(
    "second_factor_required",
    "Set up a second factor for yourself on /settings/account before you require it of others.",
  );
}
