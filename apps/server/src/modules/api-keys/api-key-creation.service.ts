import type { Actor, SessionActor, TeamAccess } from "@latchkey/types/actor";
import { createApiKeyInput, type CreateApiKeyInput } from "@latchkey/types/inputs/api-keys";
import { notGrantableReason, type Permission } from "@latchkey/types/permissions";
import { hasKeyLimit, reachedKeyLimit, type PlanName } from "@latchkey/types/plans";
import type { Database, Transaction } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import {
  ConflictError,
  InvalidInputError,
  KeyLimitReachedError,
  NotFoundError,
  PermissionMissingError,
} from "../../platform/domain-error.ts";
import { createId } from "../../platform/id.ts";
import { createInTurn } from "../../platform/in-turn.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { recordAuditEvent } from "../audit/audit.service.ts";
import { usablePlan, type SubscriptionsService } from "../billing/subscriptions.service.ts";
import { requireSession, type TeamsService } from "../teams/teams.service.ts";
import type { ApiKey } from "./api-key.ts";
import type { ApiKeysRepository } from "./api-keys.repository.ts";
import { missingToCreate } from "./api-keys.policy.ts";
import type { IdempotencyService, IdempotentCall } from "./idempotency.service.ts";
import type { Credential, IssueSecret } from "./verification/issue-secret.ts";

/** The secret is in this answer and nowhere else. Null: an earlier call with the same idempotency key made the key. */
export interface ApiKeyCreation {
  readonly apiKey: ApiKey;
  readonly secret: string | null;
}

interface Dependencies {
  readonly database: Database;
  readonly repository: ApiKeysRepository;
  readonly teams: TeamsService;
  readonly subscriptions: SubscriptionsService;
  readonly idempotency: IdempotencyService;
  readonly issueSecret: IssueSecret;
  readonly transactionTime: TransactionTime;
  /** @throws NotFoundError where the actor may not see the key */
  readonly requireVisible: (actor: Actor, id: string, client?: Transaction) => Promise<ApiKey>;
}

/** What the key is to be, and who makes it. */
interface Wish extends Omit<CreateApiKeyInput, "teamId" | "idempotencyKey"> {
  readonly actor: SessionActor;
  readonly access: TeamAccess;
  readonly credential: Credential;
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

export function createApiKeyCreation(dependencies: Dependencies) {
  const { database, repository, teams, subscriptions, idempotency, issueSecret, transactionTime, requireVisible } =
    dependencies;
  // Only creations wait for each other here; the lock in the database is what makes caps and idempotency exact.
  const inTurn = createInTurn();

  /** What this call made when it came before. It needs what seeing the key needs. */
  async function findReplay(
    actor: SessionActor,
    call: IdempotentCall | null,
    client?: Transaction,
  ): Promise<ApiKeyCreation | null> {
    const id = call === null ? null : await idempotency.findMade(call, client);
    return id === null ? null : { apiKey: await requireVisible(actor, id, client), secret: null };
  }

  return async function create(context: RequestContext, given: unknown): Promise<ApiKeyCreation> {
    const actor = requireSession(context.actor);
    const { teamId, idempotencyKey, ...input } = parseInput(createApiKeyInput, given);
    const access = await teams.requireTeam(context, teamId);
    const call =
      idempotencyKey == null ? null : { userId: actor.userId, teamId: access.teamId, key: idempotencyKey, input };
    // Before anything that could refuse it: whoever may create no more still learns what became of their call.
    const replay = await findReplay(actor, call);
    if (replay !== null) return replay;
    const missing = missingToCreate(access);
    if (missing !== null) throw new PermissionMissingError(missing);
    assertGrantable(input.permissions, access);

    const { secret, credential } = issueSecret();
    return inTurn(access.teamId, () =>
      database.$transaction(async (transaction) => {
        const subscription = await subscriptions.lock(transaction, access.teamId);
        // Whoever held the lock may have been this very call: once it is ours, that one has either made its key or not.
        const replayOfTwin = await findReplay(actor, call, transaction);
        if (replayOfTwin !== null) return replayOfTwin;

        const plan = usablePlan(subscription);
        await assertRoom(transaction, plan, { teamId: access.teamId, createdById: actor.userId });
        if (input.replacesId != null) await assertReplaceable(transaction, actor, input.replacesId, access.teamId);
        const id = await insert(transaction, context, { ...input, actor, access, credential });
        if (call !== null) await idempotency.remember(transaction, call, id);
        return { apiKey: await requireVisible(actor, id, transaction), secret };
      }),
    );
  };

  /** The row and its audit event. */
  async function insert(transaction: Transaction, context: RequestContext, wish: Wish): Promise<string> {
    const { name, permissions, expiresInDays, actor, access, credential } = wish;
    const id = createId("key");
    const replacesId = wish.replacesId ?? null;
    const createdAt = await transactionTime(transaction);
    const expiresAt = expiresInDays == null ? null : new Date(createdAt.getTime() + expiresInDays * DAY_MILLISECONDS);
    await repository.insert(transaction, {
      id,
      teamId: access.teamId,
      createdById: actor.userId,
      memberId: access.memberId,
      name,
      permissions,
      createdAt,
      expiresAt,
      replacesId,
      credential,
    });
    const { prefix } = credential;
    await recordAuditEvent(transaction, context, {
      teamId: access.teamId,
      action: "api_key.created",
      at: createdAt,
      targetId: id,
      after: { name, prefix, permissions, expiresAt: expiresAt?.toISOString() ?? null, replacesId },
    });
    return id;
  }

  /** Under the subscription's lock: nobody else makes a key in the team between this count and our commit. */
  async function assertRoom(
    transaction: Transaction,
    plan: PlanName,
    creator: { readonly teamId: string; readonly createdById: string },
  ): Promise<void> {
    if (!hasKeyLimit(plan)) return;
    const reached = reachedKeyLimit(plan, await repository.countActive(creator, transaction));
    if (reached !== null) throw new KeyLimitReachedError(reached);
  }

  /** The replaced key is in the same team, visible to the maker, and has no unrevoked replacement yet. */
  async function assertReplaceable(
    transaction: Transaction,
    actor: Actor,
    replacesId: string,
    teamId: string,
  ): Promise<void> {
    // Two replacements at once: the second waits here and then sees the first.
    await repository.lock(transaction, replacesId);
    const key = await requireVisible(actor, replacesId, transaction);
    if (key.teamId !== teamId) throw new NotFoundError("key");
    if (key.replacedById !== null) {
      throw new ConflictError("already_replaced", "This key already has a replacement that is not revoked.");
    }
  }
}

/** A creator grants only what keys may hold and the creator holds; otherwise nothing is made. */
function assertGrantable(permissions: readonly Permission[], access: TeamAccess): void {
  for (const [index, permission] of permissions.entries()) {
    const reason = notGrantableReason(permission, access.permissions);
    if (reason === null) continue;
    if (!access.permissions.includes(permission))
      throw new PermissionMissingError(permission, `${permission}: ${reason}`);
    throw new InvalidInputError([{ path: ["permissions", index], message: `${permission}: ${reason}` }]);
  }
}
