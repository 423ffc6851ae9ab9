import type { Role, TeamRole } from "./roles.ts";

/**
 * The permission catalogue. Server, page, OpenAPI and docs read this file; whoever adopts Latchkey edits it to make
 * the product theirs. `roles` lists the team roles that hold the permission; `super_admin` holds every one.
 */
interface PermissionDefinition {
  /** `domain:action`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly roles: readonly TeamRole[];
  /** Whether a key may be granted it; what only admins may write is never for keys. */
  readonly keyMayHold: boolean;
}

const EVERYONE = ["owner", "admin", "manager", "viewer"] as const satisfies readonly TeamRole[];
const MANAGERS = ["owner", "admin", "manager"] as const satisfies readonly TeamRole[];
const ADMINS = ["owner", "admin"] as const satisfies readonly TeamRole[];

export const PERMISSIONS = [
  { name: "analytics:read", title: "Read analytics", description: "See metrics and dashboards.", roles: EVERYONE, keyMayHold: true },
  { name: "reports:read", title: "Read reports", description: "See finished reports.", roles: EVERYONE, keyMayHold: true },
  { name: "reports:export", title: "Export reports", description: "Download reports as files.", roles: MANAGERS, keyMayHold: true },
  { name: "campaigns:read", title: "Read campaigns", description: "See campaigns and their settings.", roles: EVERYONE, keyMayHold: true },
  { name: "campaigns:create", title: "Create campaigns", description: "Draft new campaigns.", roles: MANAGERS, keyMayHold: true },
  { name: "campaigns:update", title: "Edit campaigns", description: "Change existing campaigns.", roles: MANAGERS, keyMayHold: true },
  { name: "campaigns:launch", title: "Launch campaigns", description: "Start campaigns, which spends money.", roles: MANAGERS, keyMayHold: true },
  { name: "campaigns:pause", title: "Pause campaigns", description: "Stop running campaigns.", roles: MANAGERS, keyMayHold: true },
  { name: "ad_accounts:read", title: "Read ad accounts", description: "See connected ad accounts.", roles: EVERYONE, keyMayHold: true },
  { name: "notifications:read", title: "Read notifications", description: "See one's own notifications.", roles: EVERYONE, keyMayHold: true },
  { name: "notifications:update", title: "Mark notifications read", description: "Mark one's own notifications as read.", roles: EVERYONE, keyMayHold: true },
  { name: "billing:read", title: "Read billing", description: "See the plan, the subscription and what is used of each limit.", roles: ADMINS, keyMayHold: true },
  { name: "members:read", title: "Read members", description: "See the team's members and their roles.", roles: ADMINS, keyMayHold: true },
  { name: "members:manage", title: "Manage members", description: "Invite and remove members, and change their roles.", roles: ADMINS, keyMayHold: false },
  { name: "audit_log:read", title: "Read the audit log", description: "See who changed what, and every call of every key.", roles: ADMINS, keyMayHold: true },
  { name: "api_keys:read", title: "Read API keys", description: "See every key of the team, never a secret.", roles: ADMINS, keyMayHold: true },
  { name: "api_keys:create", title: "Create API keys", description: "Make new keys that act as oneself.", roles: ADMINS, keyMayHold: false },
  { name: "api_keys:revoke", title: "Revoke API keys", description: "Rename and revoke every key of the team.", roles: ADMINS, keyMayHold: false },
  { name: "backoffice:access", title: "Use the backoffice", description: "Administer every team of the platform.", roles: [], keyMayHold: false },
] as const satisfies readonly PermissionDefinition[];

export type Permission = (typeof PERMISSIONS)[number]["name"];
export const PERMISSION_NAMES: readonly Permission[] = PERMISSIONS.map((permission) => permission.name);

/** `campaigns:launch` belongs to the domain `campaigns`. */
export function domainOf(permission: Permission): string {
  return permission.slice(0, permission.indexOf(":"));
}

export function isPermission(value: string): value is Permission {
  return (PERMISSION_NAMES as readonly string[]).includes(value);
}

/** What a role may do, in catalogue order. */
export function permissionsOfRole(role: Role): readonly Permission[] {
  return PERMISSIONS_BY_ROLE[role];
}

/**
 * What a key may do now: what was chosen at creation ∩ what its creator's role holds today. A demotion shrinks it, a
 * promotion never widens it, and a name that has left the catalogue grants nothing. No role: nothing.
 */
export function effectivePermissions(chosen: readonly string[], role: Role | null): readonly Permission[] {
  if (role === null) return [];
  return KEY_PERMISSIONS_BY_ROLE[role].filter((permission) => chosen.includes(permission));
}

/** Why a person with these permissions cannot give this one to a key; null when they can. */
export function notGrantableReason(permission: Permission, held: readonly Permission[]): string | null {
  if (!KEY_PERMISSIONS.has(permission)) return "No key may hold this permission; it is for people.";
  if (!held.includes(permission)) return "Your role in this team does not include this permission.";
  return null;
}

const KEY_PERMISSIONS: ReadonlySet<Permission> = new Set(
  PERMISSIONS.filter((permission) => permission.keyMayHold).map((permission) => permission.name),
);

const namesHeldBy = (role: TeamRole): readonly Permission[] =>
  PERMISSIONS.filter((permission) => (permission.roles as readonly TeamRole[]).includes(role)).map(({ name }) => name);

const PERMISSIONS_BY_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  super_admin: PERMISSION_NAMES,
  owner: namesHeldBy("owner"),
  admin: namesHeldBy("admin"),
  manager: namesHeldBy("manager"),
  viewer: namesHeldBy("viewer"),
};

const thatKeysMayHold = (role: Role): readonly Permission[] =>
  PERMISSIONS_BY_ROLE[role].filter((permission) => KEY_PERMISSIONS.has(permission));

/** Asked for each key of a page and for each call of a key. */
const KEY_PERMISSIONS_BY_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  super_admin: thatKeysMayHold("super_admin"),
  owner: thatKeysMayHold("owner"),
  admin: thatKeysMayHold("admin"),
  manager: thatKeysMayHold("manager"),
  viewer: thatKeysMayHold("viewer"),
};
