/**
 * What the audit log tells: one action for each kind of change, with the only fields that may be told of it, before and
 * after. Nothing that is not listed here can be written, so that no secret slips in with a row.
 */
interface AuditEventDefinition {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const NOTHING = { before: [], after: [] } as const satisfies AuditEventDefinition;
const changed = <const Field extends string>(...fields: Field[]) => ({ before: fields, after: fields });
const told = <const Field extends string>(...fields: Field[]) => ({ before: [] as const, after: fields });

export const AUDIT_EVENTS = {
  "api_key.created": told("name", "prefix", "permissions", "expiresAt", "replacesId"),
  "api_key.renamed": changed("name"),
  "api_key.revoked": changed("status"),
  "team.created": told("name", "plan"),
  "team.second_factor_changed": changed("requiresSecondFactor"),
  "member.added": told("userId", "role"),
  "member.role_changed": changed("userId", "role"),
  "member.removed": { before: ["userId", "role"], after: [] },
  "member.left": { before: ["userId", "role"], after: [] },
  "invitation.created": told("email", "role"),
  "invitation.accepted": told("email", "role"),
  "invitation.cancelled": told("email", "role"),
  "subscription.changed": changed("plan", "status", "requestsPerMinute"),
  "super_admin.entered_team": NOTHING,
  "super_admin.granted": changed("isSuperAdmin"),
  "super_admin.removed": changed("isSuperAdmin"),
  "user.banned": changed("isBanned", "reason"),
  "user.unbanned": changed("isBanned", "reason"),
  "audit_log.exported": told("format", "filter"),
  "activity.exported": told("format", "filter"),
  // What people do about their own account belongs to no team.
  "user.signed_up": told("method"),
  "user.signed_in": told("method"),
  "user.sign_in_failed": told("method", "reason"),
  "user.signed_out": NOTHING,
  "account.email_confirmed": NOTHING,
  "account.notification_mail_changed": changed("isMailed"),
  "account.password_changed": NOTHING,
  "account.password_reset": NOTHING,
  "second_factor.enabled": NOTHING,
  "second_factor.disabled": NOTHING,
  "second_factor.recovery_codes_replaced": NOTHING,
  "session.ended": NOTHING,
} as const satisfies Record<string, AuditEventDefinition>;

export type AuditAction = keyof typeof AUDIT_EVENTS;
export const AUDIT_ACTIONS = Object.keys(AUDIT_EVENTS) as AuditAction[];

type FieldOf<Action extends AuditAction, When extends "before" | "after"> = Action extends AuditAction
  ? (typeof AUDIT_EVENTS)[Action][When][number]
  : never;

export type AuditedValue = string | number | boolean | null | readonly string[];

/** The fields that an event of this action may tell, each with its value. */
export type AuditedFields<Action extends AuditAction, When extends "before" | "after"> = {
  readonly [Field in FieldOf<Action, When>]?: AuditedValue;
};

export function isAuditAction(value: string): value is AuditAction {
  return Object.hasOwn(AUDIT_EVENTS, value);
}

/** What an event is about, told by the beginning of its target's id. */
export const AUDIT_TARGETS = ["API_KEY", "MEMBER", "INVITATION", "TEAM", "USER", "SESSION"] as const;
export type AuditTargetKind = (typeof AUDIT_TARGETS)[number];

const KINDS: Readonly<Record<string, AuditTargetKind>> = {
  key: "API_KEY",
  member: "MEMBER",
  invitation: "INVITATION",
  team: "TEAM",
  user: "USER",
  session: "SESSION",
};

/** Null for an id of a kind that no event is about. */
export function auditTargetKind(id: string): AuditTargetKind | null {
  return KINDS[id.slice(0, id.indexOf("_"))] ?? null;
}
