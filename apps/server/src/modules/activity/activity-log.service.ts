import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { activityExportInput, activityInput, type ActivityFilter } from "@latchkey/types/inputs/activity";
import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { PermissionMissingError } from "../../platform/domain-error.ts";
import { describeFilter, logCursors } from "../../platform/log-cursor.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import { recordAuditEvent } from "../audit/audit.service.ts";
import type { TeamsService } from "../teams/teams.service.ts";
import { mayReadActivity } from "./activity-log.policy.ts";
import type { ActivityReading, CallCursor, StoredCall } from "./activity-reading.repository.ts";
import type { CallSearch, CallSelection } from "./call-conditions.repository.ts";
import type { CallNamesRepository } from "./call-names.repository.ts";
import type { CallSearching, FoundCalls } from "./call-search.repository.ts";
import { isRequestId, toRecordedCall, type RecordedCall } from "./recorded-call.ts";

export interface ActivityPage {
  readonly calls: readonly { readonly call: RecordedCall; readonly cursor: string }[];
  /** Where the next page begins; null: there is none. */
  readonly nextCursor: string | null;
  /** The page is short because the search stopped here, to be gone on with; null: it is as long as it can be. */
  readonly searchedUntil: Date | null;
}

interface Dependencies {
  readonly database: Database;
  readonly reading: Pick<ActivityReading, "listCalls">;
  readonly searching: CallSearching;
  readonly names: CallNamesRepository;
  readonly teams: TeamsService;
  readonly transactionTime: TransactionTime;
  /** Of a steady clock. */
  readonly now?: () => number;
}

/** Whoever waits for a page is told after this time how far the search came. */
const PATIENCE_MILLISECONDS = 1_200;
/** Rows of an export that are in memory at once: so few that they are forgotten before they count as old. */
const EXPORT_BATCH = 250;

const NEVER_LATE = () => false;
const cursors = logCursors("activity");

export function createActivityLogService(dependencies: Dependencies) {
  const { database, reading, searching, names, teams, transactionTime, now = () => performance.now() } = dependencies;

  const requireReader = async (context: RequestContext, teamId: string | null | undefined) => {
    const access = await teams.requireTeam(context, teamId);
    if (!mayReadActivity(access)) throw new PermissionMissingError("audit_log:read");
    return access;
  };

  const meaningOf = async (teamId: string, { search }: ActivityFilter): Promise<CallSearch | null> => {
    const text = search?.normalize("NFC").trim() ?? "";
    return text === "" ? null : { text, keyIds: await names.findKeys(teamId, text) };
  };

  const find = async (
    selection: CallSelection,
    before: CallCursor | null,
    limit: number,
    isLate: () => boolean,
  ): Promise<FoundCalls> => {
    const { teamId, filter, search } = selection;
    if (search !== null && isRequestId(search.text)) {
      // It names one call, whenever that was.
      const call = before === null ? await searching.find(selection, search.text) : null;
      return { calls: call === null ? [] : [call], end: null };
    }
    if (search !== null || !isOfKeyOnly(filter)) return searching.search(selection, before, limit, isLate);
    return { calls: await reading.listCalls({ teamId, keyId: filter.keyId ?? null }, before, limit), end: null };
  };

  const withNames = async (teamId: string, calls: readonly StoredCall[]): Promise<RecordedCall[]> => {
    if (calls.length === 0) return [];
    const known = await names.namesOf(teamId, calls);
    return calls.map((call) => toRecordedCall(call, known));
  };

  async function* batches(teamId: string, filter: ActivityFilter): AsyncGenerator<readonly RecordedCall[], void, void> {
    const selection = { teamId, filter, search: await meaningOf(teamId, filter) };
    let before: CallCursor | null = null;
    do {
      const found: FoundCalls = await searching.search(selection, before, EXPORT_BATCH, NEVER_LATE);
      if (found.calls.length > 0) yield await withNames(teamId, found.calls);
      before = found.end;
    } while (before !== null);
  }

  return {
    /** The calls of a team's keys and sessions, newest first. */
    async list(context: RequestContext, input: unknown): Promise<ActivityPage> {
      const { teamId: asked, first, after, filter: given } = parseInput(activityInput, input);
      const { teamId } = await requireReader(context, asked);
      const filter = given ?? {};
      const limit = first ?? DEFAULT_PAGE_SIZE;
      const place = after == null ? null : cursors.decode(after, filter);
      const lateAt = now() + PATIENCE_MILLISECONDS;
      const { calls: found, end } = await find(
        { teamId, filter, search: await meaningOf(teamId, filter) },
        place === null ? null : { at: place.at, requestId: place.id },
        limit + 1,
        () => now() > lateAt,
      );
      const hasMore = found.length > limit;
      const calls = await withNames(teamId, found.slice(0, limit));
      const cursorOf = ({ at, requestId }: CallCursor) => cursors.encode({ at, id: requestId }, filter);
      const last = calls.at(-1);
      const next = hasMore ? (last ?? null) : end;
      return {
        calls: calls.map((call) => ({ call, cursor: cursorOf(call) })),
        nextCursor: next === null ? null : cursorOf(next),
        searchedUntil: hasMore ? null : (end?.at ?? null),
      };
    },

    /**
     * All matching calls that are stored by now, newest first; those of the last second may still be on their way. Each
     * comes once: a call never changes its place.
     */
    async export(context: RequestContext, input: unknown): Promise<AsyncIterable<readonly RecordedCall[]>> {
      const { format, filter } = parseInput(activityExportInput, input);
      const { teamId } = await requireReader(context, null);
      const at = await database.$transaction(async (transaction) => {
        const time = await transactionTime(transaction);
        const after = { format, filter: describeFilter(filter) };
        const event = { teamId, action: "activity.exported", at: time, targetId: teamId, after } as const;
        await recordAuditEvent(transaction, context, event);
        return time;
      });
      return batches(teamId, { ...filter, to: filter.to != null && filter.to < at ? filter.to : at });
    },
  };
}

/** Then the calls are where the index has them, one after the other. */
function isOfKeyOnly({ keyId: _any, ...others }: ActivityFilter): boolean {
  return Object.values(others).every((value) => value === null || value === undefined);
}
