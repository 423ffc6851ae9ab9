import { auditTargetKind, isAuditAction, type AuditedValue } from "@latchkey/types/audit-events";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Read } from "../../platform/database/reader.ts";
import type { Person } from "../people/person.ts";
import { changesOf, type AuditEvent, type NamedTarget } from "./audit-event.ts";
import { pageOfIds, type AuditSelection } from "./audit-log-conditions.repository.ts";

export type AuditLogRepository = ReturnType<typeof createAuditLogRepository>;

interface EventRow {
  readonly id: string;
  readonly at: Date;
  readonly action: string;
  readonly actor_id: string | null;
  readonly actor_name: string | null;
  readonly actor_email: string | null;
  readonly actor_is_member: boolean;
  readonly actor_key_id: string | null;
  readonly actor_key_name: string | null;
  readonly target_id: string | null;
  readonly target_label: string | null;
  readonly before: Readonly<Record<string, AuditedValue>> | null;
  readonly after: Readonly<Record<string, AuditedValue>> | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly request_id: string | null;
}

/** Past Prisma: an export reads a million rows, and what it made of each of them would fill the memory. */
export function createAuditLogRepository(read: Read) {
  return {
    /** One page of a team's events, newest first. */
    async listPage(selection: AuditSelection): Promise<AuditEvent[]> {
      const { teamId } = selection;
      const rows = await read<EventRow>(Prisma.sql`
        SELECT e.id, e.at, e.action, e.before, e.after, e.ip, e.user_agent, e.request_id,
               e.actor_id, a.name AS actor_name, a.email AS actor_email,
               EXISTS (SELECT FROM member m WHERE m.team_id = ${teamId} AND m.user_id = e.actor_id) AS actor_is_member,
               e.actor_key_id, ak.name AS actor_key_name,
               e.target_id, coalesce(k.name, p.name, t.name, e.after->>'email') AS target_label
          FROM (${pageOfIds(selection)}) page
          JOIN audit_event e ON e.id = page.id
          LEFT JOIN "user" a ON a.id = e.actor_id
          LEFT JOIN api_key ak ON ak.id = e.actor_key_id AND ak.team_id = ${teamId}
          LEFT JOIN api_key k ON k.id = e.target_id AND k.team_id = ${teamId}
          LEFT JOIN team t ON t.id = e.target_id
          LEFT JOIN "user" p ON p.id = coalesce(e.before->>'userId', e.after->>'userId', e.target_id)
         ORDER BY page.at DESC, page.id DESC`);
      return rows.map((row) => toAuditEvent(row, teamId));
    },

    /** What goes by this name in a team: its keys, invitations, and whoever is or was in it, or did anything there. */
    async findNamed(teamId: string, text: string): Promise<{ targetIds: string[]; personIds: string[] }> {
      const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
      const rows = await read<{ id: string; is_person: boolean }>(Prisma.sql`
        WITH RECURSIVE actor AS (
          (SELECT actor_id FROM audit_event WHERE team_id = ${teamId} AND actor_id IS NOT NULL ORDER BY actor_id LIMIT 1)
          UNION ALL
          SELECT (SELECT e.actor_id FROM audit_event e WHERE e.team_id = ${teamId} AND e.actor_id > actor.actor_id
                   ORDER BY e.actor_id LIMIT 1)
            FROM actor WHERE actor.actor_id IS NOT NULL
        ), membership AS (
          SELECT id, user_id FROM member WHERE team_id = ${teamId}
          UNION
          SELECT target_id, before->>'userId' FROM audit_event
           WHERE team_id = ${teamId} AND action IN ('member.removed', 'member.left')
        ), person AS (
          SELECT u.id FROM "user" u
           WHERE u.id IN (SELECT actor_id FROM actor UNION SELECT user_id FROM membership) AND u.name ILIKE ${pattern}
        )
        SELECT id, TRUE AS is_person FROM person
        UNION ALL SELECT membership.id, FALSE FROM membership JOIN person ON person.id = membership.user_id
        UNION ALL SELECT id, FALSE FROM api_key WHERE team_id = ${teamId} AND (name ILIKE ${pattern} OR prefix = ${text})
        UNION ALL SELECT id, FALSE FROM invitation WHERE team_id = ${teamId} AND email ILIKE ${pattern}`);
      const idsOf = (isPerson: boolean) => rows.filter((row) => row.is_person === isPerson).map(({ id }) => id);
      return { targetIds: idsOf(false), personIds: idsOf(true) };
    },
  };
}

function toAuditEvent(row: EventRow, teamId: string): AuditEvent {
  const { action } = row;
  if (!isAuditAction(action)) throw new Error(`The event ${row.id} has an action that is none.`);
  return {
    id: row.id,
    at: row.at,
    action,
    actor: actorOf(row, teamId),
    actorKey: named(row.actor_key_id, row.actor_key_name),
    target: named(row.target_id, row.target_label),
    changes: changesOf(action, row.before, row.after),
    ip: row.ip,
    userAgent: row.user_agent,
    requestId: row.request_id,
  };
}

function actorOf({ actor_id: id, actor_name: name, actor_email: email, actor_is_member }: EventRow, teamId: string) {
  if (id === null || name === null || email === null) return null;
  return { id, name, email, teamId, isMember: actor_is_member } satisfies Person;
}

function named(id: string | null, label: string | null): NamedTarget | null {
  return id === null ? null : { id, kind: auditTargetKind(id), label };
}
