import { accessTo, type Actor, type TeamAccess } from "@latchkey/types/actor";
import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { NotFoundError, PermissionMissingError } from "../../platform/domain-error.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { recordAuditEvents } from "../audit/audit.service.ts";
import { requireSession } from "../teams/teams.service.ts";
import { toApiKey, type ApiKey } from "./api-key.ts";
import type { ApiKeysRepository } from "./api-keys.repository.ts";
import { missingToChange } from "./api-keys.policy.ts";

export type ApiKeyRevocations = ReturnType<typeof createApiKeyRevocations>;

interface Dependencies {
  readonly database: Database;
  readonly repository: ApiKeysRepository;
  readonly transactionTime: TransactionTime;
}

interface CreatorInTeam {
  readonly teamId: string;
  readonly createdById: string;
}

/** Revoking many keys at once: all or none, with an event for each. */
export function createApiKeyRevocations({ database, repository, transactionTime }: Dependencies) {
  return {
    /** For pages that offer only what will be done. */
    mayRevokeAllOf: (actor: Actor, access: TeamAccess, createdById: string): boolean =>
      missingToChange(actor, access, createdById) === null,

    /** The active keys that this person made in the team, as they are after their revocation. */
    async revokeAllOf(context: RequestContext, { teamId, createdById }: CreatorInTeam): Promise<ApiKey[]> {
      const session = requireSession(context.actor);
      const access = accessTo(session, teamId);
      if (access === null) throw new NotFoundError("team");
      const missing = missingToChange(session, access, createdById);
      if (missing !== null) throw new PermissionMissingError(missing);

      return database.$transaction(async (transaction) => {
        const at = await transactionTime(transaction);
        const ids = await repository.revokeActiveOf(transaction, { teamId, createdById }, session.userId, at);
        const revoked = {
          action: "api_key.revoked",
          before: { status: "ACTIVE" },
          after: { status: "REVOKED" },
        } as const;
        await recordAuditEvents(
          transaction,
          context,
          ids.map((targetId) => ({ ...revoked, teamId, at, targetId })),
        );
        const stored = await repository.findByIds(ids, transaction);
        return stored.map(toApiKey).toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
      });
    },
  };
}
