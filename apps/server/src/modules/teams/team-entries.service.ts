import type { TeamAccess } from "@latchkey/types/actor";
import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { unauthenticated } from "../../platform/domain-error.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { recordAuditEvent } from "../audit/audit.service.ts";
import type { TeamsRepository } from "./teams.repository.ts";

interface Dependencies {
  readonly database: Database;
  readonly repository: TeamsRepository;
  readonly transactionTime: TransactionTime;
}

/** Whoever comes into a team from outside is told in its audit log: once for each session, however they come in. */
export function createTeamEntries({ database, repository, transactionTime }: Dependencies) {
  return {
    /**
     * To be called before anything of the team is answered or changed. Members pay nothing, a super_admin outside their
     * memberships one look. False: there is no such team.
     */
    async note(context: RequestContext, { teamId, memberId }: TeamAccess): Promise<boolean> {
      const { actor } = context;
      if (actor.kind !== "session" || memberId !== null) return true;
      const { sessionId, userId } = actor;
      const { exists, isEntered } = await repository.findEntry(sessionId, teamId);
      if (!exists || isEntered) return exists;
      await database.$transaction(async (transaction) => {
        const at = await transactionTime(transaction);
        if (await repository.insertEntry(transaction, { sessionId, teamId, at })) {
          const action = "super_admin.entered_team";
          return recordAuditEvent(transaction, context, { teamId, action, at, targetId: userId });
        }
        // Another request of the session was first, or the session has ended: then nobody comes in untold.
        if (!(await repository.findEntry(sessionId, teamId, transaction)).isEntered) throw unauthenticated();
      });
      return true;
    },
  };
}
