import { AUDIT_ACTIONS } from "@latchkey/types/audit-events";
import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { auditExportInput, auditLogInput, type AuditFilter } from "@latchkey/types/inputs/audit-log";
import type { Database } from "../../platform/database/database.ts";
import type { TransactionTime } from "../../platform/database/transaction-time.ts";
import { PermissionMissingError } from "../../platform/domain-error.ts";
import { describeFilter, logCursors, type LogPosition } from "../../platform/log-cursor.ts";
import { parseInput } from "../../platform/parse-input.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { TeamsService } from "../teams/teams.service.ts";
import type { AuditEvent } from "./audit-event.ts";
import type { SearchMeaning } from "./audit-log-conditions.repository.ts";
import { mayReadAuditLog } from "./audit-log.policy.ts";
import type { AuditLogRepository } from "./audit-log.repository.ts";
import { recordAuditEvent } from "./audit.service.ts";

export interface AuditPage {
  readonly events: readonly { readonly event: AuditEvent; readonly cursor: string }[];
  readonly hasMore: boolean;
}

interface Dependencies {
  readonly database: Database;
  readonly repository: AuditLogRepository;
  readonly teams: TeamsService;
  readonly transactionTime: TransactionTime;
}

/** Rows of an export that are in memory at once: so few that they are forgotten before they count as old. */
const EXPORT_BATCH = 250;

const cursors = logCursors("audit");

export function createAuditLogService({ database, repository, teams, transactionTime }: Dependencies) {
  const requireReader = async (context: RequestContext, teamId: string | null | undefined) => {
    const access = await teams.requireTeam(context, teamId);
    if (!mayReadAuditLog(access)) throw new PermissionMissingError("audit_log:read");
    return access;
  };

  const meaningOf = async (teamId: string, { search }: AuditFilter): Promise<SearchMeaning | null> => {
    const text = search?.normalize("NFC").trim() ?? "";
    if (text === "") return null;
    const words = text.toLowerCase().replaceAll(" ", "_");
    const actions = AUDIT_ACTIONS.filter((action) => action.includes(words));
    return { text, ...(await repository.findNamed(teamId, text)), actions };
  };

  /** Everything up to an instant, in the order of the list, so many at a time. */
  async function* batches(teamId: string, filter: AuditFilter): AsyncGenerator<readonly AuditEvent[], void, void> {
    const search = await meaningOf(teamId, filter);
    let after: LogPosition | null = null;
    while (true) {
      const events: AuditEvent[] = await repository.listPage({ teamId, filter, search, after, limit: EXPORT_BATCH });
      if (events.length > 0) yield events;
      after = events.at(-1) ?? null;
      if (events.length < EXPORT_BATCH) return;
    }
  }

  return {
    /** The events of a team, newest first. */
    async list(context: RequestContext, input: unknown): Promise<AuditPage> {
      const { teamId: asked, first, after, filter: given } = parseInput(auditLogInput, input);
      const { teamId } = await requireReader(context, asked);
      const filter = given ?? {};
      const limit = first ?? DEFAULT_PAGE_SIZE;
      const events = await repository.listPage({
        teamId,
        filter,
        search: await meaningOf(teamId, filter),
        after: after == null ? null : cursors.decode(after, filter),
        limit: limit + 1,
      });
      return {
        events: events.slice(0, limit).map((event) => ({ event, cursor: cursors.encode(event, filter) })),
        hasMore: events.length > limit,
      };
    },

    /**
     * All matching events up to this moment, newest first; the export's own event is the first of them where it matches.
     * Each that was committed by now comes exactly once: they never change, and their place in the order never does.
     */
    async export(context: RequestContext, input: unknown): Promise<AsyncIterable<readonly AuditEvent[]>> {
      const { format, filter } = parseInput(auditExportInput, input);
      const { teamId } = await requireReader(context, null);
      const now = await database.$transaction(async (transaction) => {
        const at = await transactionTime(transaction);
        const after = { format, filter: describeFilter(filter) };
        await recordAuditEvent(transaction, context, {
          teamId,
          action: "audit_log.exported",
          at,
          targetId: teamId,
          after,
        });
        return at;
      });
      const end = new Date(now.getTime() + 1);
      return batches(teamId, { ...filter, to: filter.to != null && filter.to < end ? filter.to : end });
    },
  };
}
