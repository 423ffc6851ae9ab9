import type { Actor, SessionActor } from "@latchkey/types/actor";
import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { backofficeListInput, setTeamSubscriptionInput, setUserBanInput } from "@latchkey/types/inputs/backoffice";
import { isOpaqueId } from "@latchkey/types/inputs/opaque-id";
import type { Enforce } from "../../platform/coherence/enforce.ts";
import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { InvalidInputError, NotFoundError, PermissionMissingError } from "../../platform/domain-error.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { recordAuditEvent } from "../audit/audit.service.ts";
import type { SubscriptionsService } from "../billing/subscriptions.service.ts";
import { assertPlatformSecondFactor } from "../teams/standing-in.ts";
import { requireSession } from "../teams/teams.service.ts";
import { decodeBackofficeCursor, encodeBackofficeCursor, type BackofficePosition } from "./backoffice-cursor.ts";
import type { BackofficePeopleRepository } from "./backoffice-people.repository.ts";
import type { BackofficePerson } from "./backoffice-person.ts";
import type { BackofficeTeam } from "./backoffice-team.ts";
import type { BackofficeTeamsRepository } from "./backoffice-teams.repository.ts";
import { mayBan, mayUseBackoffice } from "./backoffice.policy.ts";
import type { BansService } from "./bans.service.ts";

interface Dependencies {
  readonly database: Database;
  readonly teams: BackofficeTeamsRepository;
  readonly people: BackofficePeopleRepository;
  readonly subscriptions: SubscriptionsService;
  readonly bans: BansService;
  readonly transactionTime: TransactionTime;
  readonly enforce: Enforce;
}

interface Page<Row> {
  readonly rows: readonly { readonly row: Row; readonly cursor: string }[];
  readonly hasMore: boolean;
}

type TeamRow = Awaited<ReturnType<BackofficeTeamsRepository["findTeams"]>>[number];

export interface SubscribedTeam {
  readonly row: TeamRow;
  readonly facts: BackofficeTeam;
}

/** Every team and every person, from outside: looking at a team here is not entering it. */
export function createBackofficeService({
  database,
  teams,
  people,
  subscriptions,
  bans,
  transactionTime,
  enforce,
}: Dependencies) {
  const readPage = (list: "teams" | "people", input: unknown) => {
    const { search, first, after } = parseInput(backofficeListInput, input);
    const searched = search ?? "";
    const position = after == null ? null : decodeBackofficeCursor(list, searched, after);
    const cursorOf = (place: BackofficePosition) => encodeBackofficeCursor(list, searched, place);
    return { search: searched, limit: first ?? DEFAULT_PAGE_SIZE, after: position, cursorOf };
  };

  const requireTeam = async (id: string): Promise<SubscribedTeam> => {
    if (!isOpaqueId(id)) throw new NotFoundError("team");
    const [[row], [facts]] = await Promise.all([teams.findTeams([id]), teams.describe([id])]);
    if (row === undefined || facts === undefined) throw new NotFoundError("team");
    return { row, facts };
  };

  return {
    /** By name. What a search finds: words of name and slug by their beginnings, an id, or a member's e-mail address. */
    async listTeams(context: RequestContext, input: unknown): Promise<Page<TeamRow>> {
      requireBackoffice(context.actor);
      const { search, limit, after, cursorOf } = readPage("teams", input);
      const places = await teams.findPage({ search, after, limit: limit + 1 });
      const shown = places.slice(0, limit);
      const found = new Map((await teams.findTeams(shown.map(({ id }) => id))).map((team) => [team.id, team]));
      const rows = shown.flatMap((place) => {
        const row = found.get(place.id);
        return row === undefined ? [] : [{ row, cursor: cursorOf(place) }];
      });
      return { rows, hasMore: places.length > limit };
    },

    /** What the backoffice knows of these teams, in no order; one statement for any number. */
    async describeTeams(context: RequestContext, ids: readonly string[]): Promise<BackofficeTeam[]> {
      requireBackoffice(context.actor);
      return teams.describe(ids);
    },

    async getTeam(context: RequestContext, id: string): Promise<SubscribedTeam> {
      requireBackoffice(context.actor);
      return requireTeam(id);
    },

    /** Keys that a smaller plan would not allow are kept: it refuses new ones. */
    async setSubscription(context: RequestContext, input: unknown): Promise<SubscribedTeam> {
      requireBackoffice(context.actor);
      const { teamId, ...change } = parseInput(setTeamSubscriptionInput, input);
      await requireTeam(teamId);
      await enforce(() =>
        database.$transaction(async (transaction) => {
          const at = await transactionTime(transaction);
          const changed = await subscriptions.change(transaction, teamId, change, at);
          if (changed === null) return;
          const { before, after } = changed;
          const event = { teamId, action: "subscription.changed", at, targetId: teamId } as const;
          await recordAuditEvent(transaction, context, {
            ...event,
            ...(before === null ? {} : { before: { ...before } }),
            after: { ...after },
          });
        }),
      );
      return requireTeam(teamId);
    },

    /** By e-mail address. A search finds words of name and address by their beginnings, and an id. */
    async listPeople(context: RequestContext, input: unknown): Promise<Page<BackofficePerson>> {
      requireBackoffice(context.actor);
      const { search, limit, after, cursorOf } = readPage("people", input);
      const found = await people.listPage({ search, after, limit: limit + 1 });
      const rows = found.slice(0, limit).map((row) => ({ row, cursor: cursorOf({ place: row.email, id: row.id }) }));
      return { rows, hasMore: found.length > limit };
    },

    /** For pages that offer only what will be done. */
    mayBan: ({ actor }: RequestContext, userId: string): boolean => mayBan(actor, userId),

    /** From the answer on, no session of theirs is one and no key of theirs is accepted; or they all are again. */
    async setUserBan(context: RequestContext, input: unknown): Promise<BackofficePerson> {
      const actor = requireBackoffice(context.actor);
      const { userId, banned, reason } = parseInput(setUserBanInput, input);
      if (!mayBan(actor, userId)) {
        const message = "You cannot ban yourself. Ask another super admin, or the operator.";
        throw new InvalidInputError([{ path: ["userId"], message }]);
      }
      await bans.setBan(context, actor, { userId, banned, reason: reason === "" ? null : (reason ?? null) });
      const person = await people.find(userId);
      if (person === null) throw new NotFoundError("person");
      return person;
    },
  };
}

/** Decided before anything of the input is looked at, so that the answer is the same whatever the id. */
function requireBackoffice(actor: Actor): SessionActor {
  requireSession(actor);
  assertPlatformSecondFactor(actor);
  if (!mayUseBackoffice(actor)) throw new PermissionMissingError("backoffice:access");
  return actor;
}
