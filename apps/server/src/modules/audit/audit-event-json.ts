import { z } from "@hono/zod-openapi";
import { AUDIT_ACTIONS, AUDIT_TARGETS } from "@latchkey/types/audit-events";
import type { ExportColumn } from "../../platform/rest/export.ts";
import type { AuditEvent } from "./audit-event.ts";

const auditedValue = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
  .nullable()
  .openapi({ description: "Null: none, or nothing is told of it." });

const target = z.object({ id: z.string(), kind: z.enum(AUDIT_TARGETS).nullable(), label: z.string().nullable() });

export const EVENT_EXAMPLE = {
  id: "evt_0000000000000000000a",
  at: "2026-11-22T08:30:00.000Z",
  action: "api_key.renamed",
  actor: { id: "user_0000000000000000000a", name: "Olivia Owner" },
  actorKey: null,
  target: { id: "key_0000000000000000000a", kind: "API_KEY", label: "BI dashboard" },
  changes: [{ field: "name", before: "Dashboard", after: "BI dashboard" }],
  ip: "203.0.113.21",
  userAgent: "Mozilla/5.0",
  requestId: "req_0000000000000000000a",
} as const;

export const auditEventJson = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    action: z.enum(AUDIT_ACTIONS),
    actor: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .openapi({ description: "Null: the operator, by the command that is the `userAgent`." }),
    actorKey: target.nullable().openapi({ description: "The key with which the actor did it; null for a session." }),
    target: target.nullable().openapi({ description: "What it was done to, under the name it has today." }),
    changes: z.array(z.object({ field: z.string(), before: auditedValue, after: auditedValue })),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    requestId: z.string().nullable(),
  })
  .openapi("AuditEvent", {
    description: "A change, recorded in the transaction that made it.",
    example: structuredClone(EVENT_EXAMPLE) as never,
  });

export function toAuditEventJson({ actor, changes, ...event }: AuditEvent): z.input<typeof auditEventJson> {
  return {
    id: event.id,
    at: event.at.toISOString(),
    action: event.action,
    actor: actor === null ? null : { id: actor.id, name: actor.name },
    actorKey: event.actorKey,
    target: event.target,
    changes: changes.map(({ field, before, after }) => ({ field, before: copy(before), after: copy(after) })),
    ip: event.ip,
    userAgent: event.userAgent,
    requestId: event.requestId,
  };
}

const copy = <Value extends string | number | boolean | null>(value: Value | readonly string[]): Value | string[] =>
  typeof value === "object" && value !== null ? [...value] : value;

/** The columns of the CSV file; new ones are added at the end. */
export const AUDIT_COLUMNS: readonly ExportColumn<AuditEvent>[] = [
  { name: "id", value: ({ id }) => id },
  { name: "at", value: ({ at }) => at },
  { name: "action", value: ({ action }) => action },
  { name: "actorId", value: ({ actor }) => actor?.id ?? null },
  { name: "actorName", value: ({ actor }) => actor?.name ?? null },
  { name: "actorKeyId", value: ({ actorKey }) => actorKey?.id ?? null },
  { name: "targetId", value: ({ target: of }) => of?.id ?? null },
  { name: "targetLabel", value: ({ target: of }) => of?.label ?? null },
  { name: "changes", value: ({ changes }) => (changes.length === 0 ? null : JSON.stringify(changes)) },
  { name: "ip", value: ({ ip }) => ip },
  { name: "userAgent", value: ({ userAgent }) => userAgent },
  { name: "requestId", value: ({ requestId }) => requestId },
];
