import {
  AUDIT_EVENTS,
  isAuditAction,
  type AuditAction,
  type AuditedValue,
  type AuditTargetKind,
} from "@latchkey/types/audit-events";
import type { Person } from "../people/person.ts";

/** An event as every door shows it. */
export interface AuditEvent {
  readonly id: string;
  readonly at: Date;
  readonly action: AuditAction;
  /** Null where nobody was signed in: the operator, by the command that stands in `userAgent`. */
  readonly actor: Person | null;
  /** The key with which the actor did it. */
  readonly actorKey: NamedTarget | null;
  readonly target: NamedTarget | null;
  readonly changes: readonly AuditChange[];
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

/** What an event is about, under the name it has today. */
export interface NamedTarget {
  readonly id: string;
  readonly kind: AuditTargetKind | null;
  readonly label: string | null;
}

/** A field before and after the change; null: it had, or has, no value. */
export interface AuditChange {
  readonly field: string;
  readonly before: AuditedValue;
  readonly after: AuditedValue;
}

type Fields = Readonly<Record<string, AuditedValue>>;

/** What an event says of its fields, in the order of the catalogue. */
export function changesOf(action: string, before: Fields | null, after: Fields | null): AuditChange[] {
  const known: readonly string[] = isAuditAction(action)
    ? [...AUDIT_EVENTS[action].before, ...AUDIT_EVENTS[action].after]
    : [];
  const told = [before, after].flatMap((fields) => Object.keys(fields ?? {}));
  const fields = [...new Set([...known, ...told])].filter((field) => told.includes(field));
  return fields.map((field) => ({ field, before: before?.[field] ?? null, after: after?.[field] ?? null }));
}

/** A value for people and for doors that know text only. */
export function auditedText(value: AuditedValue): string | null {
  if (value === null) return null;
  return typeof value === "object" ? value.join(", ") : String(value);
}
