import { accessTo, type Actor, type SessionActor } from "@latchkey/types/actor";
import { DEFAULT_API_KEY_ORDER, DEFAULT_PAGE_SIZE, apiKeyListInput } from "@latchkey/types/inputs/api-key-list";
import { renameApiKeyInput, revokeApiKeyInput } from "@latchkey/types/inputs/api-keys";
import type { Enforce } from "../../platform/coherence/enforce.ts";
import type { Database, Transaction } from "../../platform/database/database.ts";
import { statementTime, type TransactionTime } from "../../platform/database/transaction-time.ts";
import { NotFoundError, PermissionMissingError, unauthenticated } from "../../platform/domain-error.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { auditInsertion, recordAuditEvent } from "../audit/audit.service.ts";
import type { SubscriptionsService } from "../billing/subscriptions.service.ts";
import { standingIn } from "../teams/standing-in.ts";
import { requireSession, type TeamsService } from "../teams/teams.service.ts";
import { toApiKey, type ApiKey, type KeyCounts } from "./api-key.ts";
import { createApiKeyCreation } from "./api-key-creation.service.ts";
import { createEncodeCursor, decodeCursor } from "./api-key-cursor.ts";
import type { ApiKeysRepository } from "./api-keys.repository.ts";
import { isVisible, keyVisibility, missingToChange } from "./api-keys.policy.ts";
import type { IdempotencyService } from "./idempotency.service.ts";
import type { IssueSecret } from "./verification/issue-secret.ts";

/** A class, because an accessor in a literal is made anew for each key, and is larger than the key. */
class ListedKey {
  readonly key: ApiKey;
  readonly #encode: (key: ApiKey) => string;

  constructor(key: ApiKey, encode: (key: ApiKey) => string) {
    this.key = key;
    this.#encode = encode;
  }

  /** Made when it is asked for: of most keys nobody does. */
  get cursor(): string {
    return this.#encode(this.key);
  }
}

export interface ApiKeyPage {
  readonly keys: readonly ListedKey[];
  readonly hasMore: boolean;
  /** How many match the filter, on all pages: one more statement, for who wants it. */
  readonly total: () => Promise<number>;
  /** One more statement as well. */
  readonly counts: () => Promise<KeyCounts>;
}

interface Dependencies {
  readonly database: Database;
  readonly repository: ApiKeysRepository;
  readonly teams: TeamsService;
  readonly subscriptions: SubscriptionsService;
  readonly idempotency: IdempotencyService;
  readonly issueSecret: IssueSecret;
  readonly transactionTime: TransactionTime;
  readonly enforce: Enforce;
}

export function createApiKeysService({
  database,
  repository,
  teams,
  subscriptions,
  idempotency,
  issueSecret,
  transactionTime,
  enforce,
}: Dependencies) {
  /** The key with the actor's standing in its team; not found when they may not see it. */
  const requireVisible = async (actor: Actor, id: string, transaction?: Transaction) => {
    if (actor.kind === "nobody") throw unauthenticated();
    const [stored] = await repository.findByIds([id], transaction);
    const access = stored === undefined ? null : standingIn(actor, stored.teamId);
    if (stored === undefined || access === null || !isVisible(keyVisibility(actor, access), stored))
      throw new NotFoundError("key");
    return { stored, key: toApiKey(stored), access };
  };

  const create = createApiKeyCreation({
    database,
    repository,
    teams,
    subscriptions,
    idempotency,
    issueSecret,
    transactionTime,
    requireVisible: async (actor, id, client) => (await requireVisible(actor, id, client)).key,
  });

  /** The same for a change, which needs more than seeing it. */
  const requireChangeable = async (context: RequestContext, session: SessionActor, id: string) => {
    const { stored, key, access } = await requireVisible(session, id);
    await teams.enter(context, key.teamId);
    const missing = missingToChange(session, access, key.createdBy.id);
    if (missing !== null) throw new PermissionMissingError(missing);
    return { stored, key };
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
      const encodeCursor = createEncodeCursor(filter, order);
      let total: Promise<number> | undefined;
      let counts: Promise<KeyCounts> | undefined;
      return {
        keys: stored.slice(0, limit).map((row) => new ListedKey(toApiKey(row), encodeCursor)),
        hasMore: stored.length > limit,
        total: () => (total ??= repository.countMatching(access.teamId, visibility, filter)),
        counts: () => (counts ??= repository.countByStatus(access.teamId, visibility)),
      };
    },

    /** With a team: a key of another one is not found, also when the actor is in both. */
    async get(context: RequestContext, id: string, teamId?: string | null): Promise<ApiKey> {
      const { key } = await requireVisible(context.actor, id);
      if (teamId != null && key.teamId !== teamId) throw new NotFoundError("key");
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

    create,

    async rename(context: RequestContext, input: unknown): Promise<ApiKey> {
      const session = requireSession(context.actor);
      const { id, name } = parseInput(renameApiKeyInput, input);
      const { key } = await requireChangeable(context, session, id);
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
      return enforce(() => revoke(context, session, id));
    },
  };

  async function revoke(context: RequestContext, session: SessionActor, id: string): Promise<ApiKey> {
    const { stored, key } = await requireChangeable(context, session, id);
    const { teamId, status } = key;
    const event = auditInsertion(context, {
      teamId,
      action: "api_key.revoked",
      targetId: id,
      before: { status },
      after: { status: "REVOKED" },
    });
    const at = await statementTime(transactionTime, database);
    const revocation = await repository.revoke({ id, revokedById: session.userId, at, event });
    if (revocation !== null) return toApiKey({ ...stored, ...revocation });
    // Revoked before; perhaps just now, by somebody else.
    return stored.revokedAt === null ? (await requireVisible(session, id)).key : key;
  }
}
