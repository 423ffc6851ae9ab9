import { accessTo, type Actor, type SessionActor, type TeamAccess } from "@latchkey/types/actor";
import { DEFAULT_API_KEY_ORDER, DEFAULT_PAGE_SIZE, apiKeyListInput } from "@latchkey/types/inputs/api-key-list";
import { createApiKeyInput, renameApiKeyInput, revokeApiKeyInput } from "@latchkey/types/inputs/api-keys";
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
  unauthenticated,
} from "../../platform/domain-error.ts";
import { createId } from "../../platform/id.ts";
import { createInTurn } from "../../platform/in-turn.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { recordAuditEvent } from "../audit/audit.service.ts";
import type { SubscriptionsService } from "../billing/subscriptions.service.ts";
import { standingIn } from "../teams/standing-in.ts";
import { requireSession, type TeamsService } from "../teams/teams.service.ts";
import { toApiKey, type ApiKey, type KeyCounts } from "./api-key.ts";
import { decodeCursor, encodeCursor } from "./api-key-cursor.ts";
import type { ApiKeysRepository } from "./api-keys.repository.ts";
import { isVisible, keyVisibility, missingToChange, missingToCreate } from "./api-keys.policy.ts";
import type { IssueSecret } from "./verification/issue-secret.ts";

export interface ApiKeyPage {
  readonly keys: readonly { readonly key: ApiKey; readonly cursor: string }[];
  readonly hasMore: boolean;
  /** One more statement, asked for only by who wants it. */
  readonly counts: () => Promise<KeyCounts>;
}

interface Dependencies {
  readonly database: Database;
  readonly repository: ApiKeysRepository;
  readonly teams: TeamsService;
  readonly subscriptions: SubscriptionsService;
  readonly issueSecret: IssueSecret;
  readonly transactionTime: TransactionTime;
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

export function createApiKeysService({
  database,
  repository,
  teams,
  subscriptions,
  issueSecret,
  transactionTime,
}: Dependencies) {
  // Only creations wait for each other here; the lock in the database is what makes the caps exact.
  const inTurn = createInTurn();

  /** The key with the actor's standing in its team; not found when they may not see it. */
  const requireVisible = async (actor: Actor, id: string, client: Database | Transaction = database) => {
    if (actor.kind === "nobody") throw unauthenticated();
    const [stored] = await repository.findByIds([id], client);
    const access = stored === undefined ? null : standingIn(actor, stored.teamId);
    if (stored === undefined || access === null || !isVisible(keyVisibility(actor, access), stored))
      throw new NotFoundError("key");
    return { key: toApiKey(stored), access };
  };

  /** The same for a change, which needs more than seeing it. */
  const requireChangeable = async (context: RequestContext, session: SessionActor, id: string) => {
    const { key, access } = await requireVisible(session, id);
    await teams.enter(context, key.teamId);
    const missing = missingToChange(session, access, key.createdBy.id);
    if (missing !== null) throw new PermissionMissingError(missing);
    return key;
  };

  return {
    async list(context: RequestContext, input: unknown): Promise<ApiKeyPage> {
      const { teamId, first, after, filter: givenFilter, orderBy } = parseInput(apiKeyListInput, input);
      const access = await teams.requireTeam(context, teamId);
      const visibility = keyVisibility(context.actor, access);
      if (visibility.kind === "none") throw new PermissionMissingError("api_keys:read");
      const filter = givenFilter ?? {};
      const order = orderBy ?? DEFAULT_API_KEY_ORDER;
      const limit = first ?? DEFAULT_PAGE_SIZE;
      const position = after == null ? null : decodeCursor(after, filter, order);

      const page = { teamId: access.teamId, visibility, filter, order, after: position };
      const stored = await repository.listPage({ ...page, limit: limit + 1 });
      const keys = stored.slice(0, limit).map(toApiKey);
      let counts: Promise<KeyCounts> | undefined;
      return {
        keys: keys.map((key) => ({ key, cursor: encodeCursor(key, filter, order) })),
        hasMore: stored.length > limit,
        counts: () => (counts ??= repository.count(access.teamId, visibility, filter)),
      };
    },

    async get(context: RequestContext, id: string): Promise<ApiKey> {
      const { key } = await requireVisible(context.actor, id);
      await teams.enter(context, key.teamId);
      return key;
    },

    /** Those of the keys that the actor may see, in no order; one statement for any number. */
    async findVisible(context: RequestContext, ids: readonly string[]): Promise<ApiKey[]> {
      const stored = await repository.findByIds(ids);
      const visible = stored.filter((key) => {
        const access = accessTo(context.actor, key.teamId);
        return access !== null && isVisible(keyVisibility(context.actor, access), key);
      });
      await Promise.all(
        [...new Set(visible.map(({ teamId }) => teamId))].map((teamId) => teams.enter(context, teamId)),
      );
      return visible.map(toApiKey);
    },

    /** Whether the actor may rename and revoke this key, for pages that offer only what will be done. */
    mayChange({ actor }: RequestContext, key: ApiKey): boolean {
      const access = accessTo(actor, key.teamId);
      return access !== null && missingToChange(actor, access, key.createdBy.id) === null;
    },

    /** Active keys of a team, and of one person in it. Who may know is for the caller to decide. */
    countActive: (teamId: string, createdById: string) => repository.countActive({ teamId, createdById }),

    /** The key and its secret, which is in this answer and nowhere else. */
    async create(context: RequestContext, input: unknown): Promise<{ apiKey: ApiKey; secret: string }> {
      const actor = requireSession(context.actor);
      const { teamId, name, permissions, expiresInDays, replacesId } = parseInput(createApiKeyInput, input);
      const access = await teams.requireTeam(context, teamId);
      const missing = missingToCreate(access);
      if (missing !== null) throw new PermissionMissingError(missing);
      assertGrantable(permissions, access);

      const { secret, credential } = issueSecret();
      const apiKey = await inTurn(access.teamId, () =>
        database.$transaction(async (transaction) => {
          const plan = await subscriptions.lockUsable(transaction, access.teamId);
          await assertRoom(transaction, plan, { teamId: access.teamId, createdById: actor.userId });
          if (replacesId != null) await assertReplaceable(transaction, actor, replacesId, access.teamId);

          const id = createId("key");
          const createdAt = await transactionTime(transaction);
          const expiresAt =
            expiresInDays == null ? null : new Date(createdAt.getTime() + expiresInDays * DAY_MILLISECONDS);
          await repository.insert(transaction, {
            id,
            teamId: access.teamId,
            createdById: actor.userId,
            memberId: access.memberId,
            name,
            permissions,
            createdAt,
            expiresAt,
            replacesId: replacesId ?? null,
            credential,
          });
          await recordAuditEvent(transaction, context, {
            teamId: access.teamId,
            action: "api_key.created",
            at: createdAt,
            targetId: id,
            after: {
              name,
              prefix: credential.prefix,
              permissions,
              expiresAt: expiresAt?.toISOString() ?? null,
              replacesId: replacesId ?? null,
            },
          });
          return (await requireVisible(actor, id, transaction)).key;
        }),
      );
      return { apiKey, secret };
    },

    async rename(context: RequestContext, input: unknown): Promise<ApiKey> {
      const session = requireSession(context.actor);
      const { id, name } = parseInput(renameApiKeyInput, input);
      const key = await requireChangeable(context, session, id);
      return database.$transaction(async (transaction) => {
        const at = await transactionTime(transaction);
        const before = await repository.rename(transaction, id, name);
        if (before !== null && before !== name) {
          await recordAuditEvent(transaction, context, {
            teamId: key.teamId,
            action: "api_key.renamed",
            at,
            targetId: id,
            before: { name: before },
            after: { name },
          });
        }
        return (await requireVisible(session, id, transaction)).key;
      });
    },

    /** Irreversible, and the same answer when repeated. Once it is given, no process accepts the key. */
    async revoke(context: RequestContext, input: unknown): Promise<ApiKey> {
      const session = requireSession(context.actor);
      const { id } = parseInput(revokeApiKeyInput, input);
      const key = await requireChangeable(context, session, id);
      return database.$transaction(async (transaction) => {
        const at = await transactionTime(transaction);
        if (await repository.revoke(transaction, id, session.userId, at)) {
          await recordAuditEvent(transaction, context, {
            teamId: key.teamId,
            action: "api_key.revoked",
            at,
            targetId: id,
            before: { status: key.status },
            after: { status: "REVOKED" },
          });
        }
        return (await requireVisible(session, id, transaction)).key;
      });
    },
  };

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
    const { key } = await requireVisible(actor, replacesId, transaction);
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
