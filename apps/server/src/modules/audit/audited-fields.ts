import { AUDIT_EVENTS, type AuditAction, type AuditedValue } from "@latchkey/types/audit-events";

/**
 * What an event may hold. The types say so already, but a value that was spread into an event can carry more than its
 * type: that fails the change, because what is once in the log stays.
 * @throws Error when a field is not in the list of its action
 */
export function assertAllowed(action: AuditAction, when: "before" | "after", fields: object | null): AuditedJson {
  if (fields === null) return null;
  const allowed: readonly string[] = AUDIT_EVENTS[action][when];
  const refused = Object.keys(fields).filter((field) => !allowed.includes(field));
  if (refused.length > 0)
    throw new Error(`The audit log takes no ${refused.join(", ")} ${when} ${action}: see audit-events.ts.`);
  return fields as AuditedJson;
}

export type AuditedJson = { readonly [field: string]: AuditedValue } | null;
