// One row for every id of every operation: how it is called, and what each principal is answered. A row without an id
// is an operation that takes none. Longer than other files because it is one table: split, no reader could see at a
// glance whom an operation lets in, and whether one is missing.
import type { ErrorCode } from "@latchkey/types/error-codes";
import type { Principal, PrincipalName, Target } from "./cast.ts";

export type Outcome = ErrorCode | "ok" | "null";

export type Call =
  | { readonly query: string; readonly variables: object }
  | { readonly method: string; readonly path: string; readonly body?: object };

export interface Row {
  readonly operation: string;
  readonly id: string | null;
  readonly isChanging: boolean;
  readonly call: (target: Target, principal: Principal) => Promise<Call> | Call;
  /** About something of the team Acme Ads, or without an id. */
  readonly own: Readonly<Record<PrincipalName, Outcome>>;
  /** About something of a team that is not theirs, and about nothing: where it is not what the outsider is told of Acme. */
  readonly away?: Partial<Record<PrincipalName, Outcome>>;
  /** The super_admin about something of any team; `ok` unless told. */
  readonly superAdminAway?: Outcome;
}

interface People {
  /** Viewer and manager. */
  readonly low: Outcome;
  /** Admin and owner; `ok` unless told. */
  readonly high?: Outcome;
  /** The owner of another team. */
  readonly outside: Outcome;
  /** As outside unless told. */
  readonly removed?: Outcome;
  readonly superAdmin?: Outcome;
}

const people = ({ low, high = "ok", outside, removed = outside, superAdmin = "ok" }: People) => ({
  viewer: low,
  manager: low,
  admin: high,
  owner: high,
  outsider: outside,
  removed,
  superAdmin,
});
/** No key may use GraphQL, and nobody is nobody. */
const inGraphQL = (who: People, anonymous: Outcome = "unauthenticated") =>
  ({ ...people(who), anonymous, key: "session_required", bareKey: "session_required" }) as const;
const readInRest = (who: People) =>
  ({ ...people(who), anonymous: "key_missing", key: "ok", bareKey: "permission_missing" }) as const;
const writeInRest = (who: People) =>
  ({ ...people(who), anonymous: "unauthenticated", key: "session_required", bareKey: "session_required" }) as const;

const HAS_NO_TEAM = { removed: "no_team_selected" } as const;
const LACKS_PERMISSION = { viewer: "permission_missing", manager: "permission_missing" } as const;
const ALWAYS = { low: "ok", outside: "ok" } as const;
const MEMBERS_ONLY = { low: "ok", outside: "not_found" } as const;
const ADMINS_ONLY = { low: "permission_missing", outside: "not_found" } as const;
/** What one may not see does not exist. */
const UNSEEN = { low: "not_found", outside: "not_found" } as const;
/** Within the selected team. */
const IN_SELECTED = { low: "ok", outside: "ok", removed: "no_team_selected" } as const;
const ADMINS_IN_SELECTED = { low: "permission_missing", outside: "ok", removed: "no_team_selected" } as const;

type Variables = (target: Target, principal: Principal) => Promise<object> | object;

function graphql(
  place: string,
  query: string,
  variables: Variables,
  rest: Pick<Row, "own" | "away" | "superAdminAway">,
): Row {
  const [operation = "", id = null] = place.split(" ");
  const call: Row["call"] = async (target, principal) => ({ query, variables: await variables(target, principal) });
  return { operation, id, isChanging: operation.startsWith("Mutation."), call, ...rest };
}

const NEED_NO_PERMISSION: ReadonlySet<string> = new Set([
  "createTeam",
  "selectTeam",
  "acceptInvitation",
  "leaveTeam",
  "markNotificationRead",
  "markAllNotificationsRead",
]);

function mutation(
  field: string,
  id: string | null,
  selection: string,
  input: Variables,
  rest: Pick<Row, "own" | "away" | "superAdminAway">,
): Row {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  const permission = NEED_NO_PERMISSION.has(field) ? "" : "... on PermissionMissingError { requiredPermission }";
  const query = `mutation ($input: ${type}Input!) { ${field}(input: $input) { __typename
    ... on ${type}Payload { ${selection} } ... on Error { code message } ${permission} } }`;
  const place = `Mutation.${field}${id === null ? "" : ` input.${id}`}`;
  return graphql(place, query, async (target, principal) => ({ input: await input(target, principal) }), rest);
}

function restRow(
  operation: string,
  id: string | null,
  call: (
    target: Target,
    principal: Principal,
  ) => Promise<Omit<Call & { method: string }, "method">> | Omit<Call & { method: string }, "method">,
  rest: Pick<Row, "own" | "away" | "superAdminAway">,
): Row {
  const [method = ""] = operation.split(" ");
  return {
    operation,
    id,
    isChanging: method !== "GET",
    call: async (target, principal) => ({ ...(await call(target, principal)), method }) as Call,
    ...rest,
  };
}

const KEY = { name: "By the matrix", permissions: ["analytics:read"] };
const KEY_FIELDS = "id name createdBy { id name email } replaces { id name }";
const KEY_USAGE = "usage(range: LAST_7_DAYS) { calls refused } refusals(range: LAST_7_DAYS) { code calls }";
const MEMBER_FIELDS = "id role user { id name email }";
const VIEWER_FIELDS = "role permissions team { id name }";

const QUERIES: readonly Row[] = [
  graphql(
    "Query.viewer teamId",
    `query ($id: ID) { viewer(teamId: $id) { ${VIEWER_FIELDS} } }`,
    ({ teamId }) => ({ id: teamId }),
    {
      own: inGraphQL(ALWAYS, "ok"),
    },
  ),
  graphql(
    "Query.subscription teamId",
    "query ($id: ID) { subscription(teamId: $id) { plan { name } status } }",
    ({ teamId }) => ({ id: teamId }),
    { own: inGraphQL(ADMINS_ONLY) },
  ),
  graphql(
    "Query.usage teamId",
    "query ($id: ID) { usage(teamId: $id) { activeKeys { used limit } ownActiveKeys { used } } }",
    ({ teamId }) => ({ id: teamId }),
    { own: inGraphQL(ADMINS_ONLY) },
  ),
  graphql("Query.plans", "{ plans { name } }", () => ({}), { own: inGraphQL(ALWAYS, "ok") }),
  graphql(
    "Query.permissions teamId",
    "query ($id: ID) { permissions(teamId: $id) { name grantable } }",
    ({ teamId }) => ({ id: teamId }),
    {
      own: inGraphQL(MEMBERS_ONLY),
    },
  ),
  graphql(
    "Query.apiKeys teamId",
    `query ($id: ID) { apiKeys(teamId: $id) { totalCount counts { active } nodes { ${KEY_FIELDS} } } }`,
    ({ teamId }) => ({ id: teamId }),
    { own: inGraphQL(MEMBERS_ONLY) },
  ),
  graphql(
    "Query.apiKeys after",
    `query ($after: String) { apiKeys(after: $after) { totalCount nodes { ${KEY_FIELDS} } } }`,
    ({ keyCursor }) => ({ after: keyCursor }),
    { own: inGraphQL(IN_SELECTED), away: HAS_NO_TEAM },
  ),
  graphql(
    "Query.apiKeys filter.createdById",
    `query ($id: ID) { apiKeys(filter: { createdById: $id }) { totalCount nodes { ${KEY_FIELDS} } } }`,
    ({ userId }) => ({ id: userId }),
    { own: inGraphQL(IN_SELECTED), away: HAS_NO_TEAM },
  ),
  graphql(
    "Query.apiKey id",
    `query ($id: ID!) { apiKey(id: $id) { ${KEY_FIELDS} ${KEY_USAGE} } }`,
    async ({ key }) => ({ id: await key() }),
    {
      own: inGraphQL({ low: "null", outside: "null" }),
    },
  ),
  graphql(
    "Query.apiKey teamId",
    `query ($id: ID!, $teamId: ID) { apiKey(id: $id, teamId: $teamId) { ${KEY_FIELDS} ${KEY_USAGE} } }`,
    async ({ key, teamId }) => ({ id: await key(), teamId }),
    {
      own: inGraphQL({ low: "null", outside: "null" }),
    },
  ),
  graphql(
    "Query.apiKeyReview teamId",
    `query ($id: ID) { apiKeyReview(teamId: $id) { kind count keys { ${KEY_FIELDS} permissionUse { permission } } } }`,
    ({ teamId }) => ({ id: teamId }),
    { own: inGraphQL(MEMBERS_ONLY) },
  ),
  graphql(
    "Query.members teamId",
    `query ($id: ID) { members(teamId: $id) { nodes { ${MEMBER_FIELDS} } } }`,
    ({ teamId }) => ({ id: teamId }),
    { own: inGraphQL(ADMINS_ONLY) },
  ),
  graphql(
    "Query.members after",
    `query ($after: String) { members(after: $after) { nodes { ${MEMBER_FIELDS} } } }`,
    ({ memberCursor }) => ({ after: memberCursor }),
    { own: inGraphQL(ADMINS_IN_SELECTED), away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION } },
  ),
  graphql(
    "Query.teamSecurity teamId",
    "query ($id: ID) { teamSecurity(teamId: $id) { requiresSecondFactor withoutSecondFactor { id name email } } }",
    ({ teamId }) => ({ id: teamId }),
    { own: inGraphQL(ADMINS_ONLY) },
  ),
  graphql(
    "Query.invitations teamId",
    "query ($id: ID) { invitations(teamId: $id) { id email role link } }",
    ({ teamId }) => ({ id: teamId }),
    { own: inGraphQL(ADMINS_ONLY) },
  ),
];

const EVENT_FIELDS = "id action actor { id name email } target { id label } changes { field before after }";
const eventsBy = (filter: string) =>
  `query ($id: ID) { auditLog(filter: { ${filter}: $id }) { nodes { ${EVENT_FIELDS} } } }`;
const AUDIT_LOG: readonly Row[] = [
  graphql(
    "Query.auditLog teamId",
    `query ($id: ID) { auditLog(teamId: $id) { nodes { ${EVENT_FIELDS} } } }`,
    ({ teamId }) => ({ id: teamId }),
    { own: inGraphQL(ADMINS_ONLY) },
  ),
  graphql(
    "Query.auditLog after",
    `query ($after: String) { auditLog(after: $after) { nodes { ${EVENT_FIELDS} } } }`,
    ({ auditCursor }) => ({ after: auditCursor }),
    { own: inGraphQL(ADMINS_IN_SELECTED), away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION } },
  ),
  graphql("Query.auditLog filter.keyId", eventsBy("keyId"), async ({ key }) => ({ id: await key() }), {
    own: inGraphQL(ADMINS_IN_SELECTED),
    away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION },
  }),
  graphql("Query.auditLog filter.actorId", eventsBy("actorId"), ({ userId }) => ({ id: userId }), {
    own: inGraphQL(ADMINS_IN_SELECTED),
    away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION },
  }),
  ...(["query.cursor", "query.keyId", "query.actorId"] as const).map((id) =>
    restRow(
      "GET /audit-log",
      id,
      async ({ auditCursor, userId, key }) => {
        const named =
          { "query.cursor": auditCursor, "query.actorId": userId, "query.keyId": null }[id] ?? (await key());
        return { path: `/audit-log?${id.replace("query.", "")}=${named}` };
      },
      { own: readInRest(ADMINS_IN_SELECTED), away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION } },
    ),
  ),
];

const CALL_FIELDS = "requestId apiKey { id name } actor { id name email } operation code";
const callsBy = (filter: string) =>
  `query ($id: ID) { activity(filter: { ${filter}: $id }) { nodes { ${CALL_FIELDS} } } }`;
const REFUSAL = `call { ${CALL_FIELDS} } step needed`;
/** Within the selected team, what is not there is nothing. */
const refusedTo = (unknown: Outcome) =>
  ({ low: "permission_missing", outside: unknown, removed: "no_team_selected" }) as const;
const ACTIVITY: readonly Row[] = [
  graphql(
    "Query.activity teamId",
    `query ($id: ID) { activity(teamId: $id) { nodes { ${CALL_FIELDS} } } }`,
    ({ teamId }) => ({ id: teamId }),
    { own: inGraphQL(ADMINS_ONLY) },
  ),
  graphql(
    "Query.activity after",
    `query ($after: String) { activity(after: $after) { nodes { ${CALL_FIELDS} } } }`,
    ({ callCursor }) => ({ after: callCursor }),
    { own: inGraphQL(ADMINS_IN_SELECTED), away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION } },
  ),
  graphql("Query.activity filter.keyId", callsBy("keyId"), async ({ key }) => ({ id: await key() }), {
    own: inGraphQL(ADMINS_IN_SELECTED),
    away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION },
  }),
  graphql("Query.activity filter.actorId", callsBy("actorId"), ({ userId }) => ({ id: userId }), {
    own: inGraphQL(ADMINS_IN_SELECTED),
    away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION },
  }),
  graphql(
    "Query.refusal requestId",
    `query ($id: ID!) { refusal(requestId: $id) { ${REFUSAL} } }`,
    ({ requestId }) => ({ id: requestId }),
    {
      own: inGraphQL(refusedTo("null")),
      away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION },
      superAdminAway: "null",
    },
  ),
  graphql(
    "Query.refusal teamId",
    `query ($id: ID!, $teamId: ID) { refusal(requestId: $id, teamId: $teamId) { ${REFUSAL} } }`,
    ({ requestId, teamId }) => ({ id: requestId, teamId }),
    { own: inGraphQL(ADMINS_ONLY) },
  ),
  ...(["query.cursor", "query.keyId", "query.actorId"] as const).map((id) =>
    restRow(
      "GET /activity",
      id,
      async ({ callCursor, userId, key }) => {
        const named = { "query.cursor": callCursor, "query.actorId": userId, "query.keyId": null }[id] ?? (await key());
        return { path: `/activity?${id.replace("query.", "")}=${named}` };
      },
      { own: readInRest(ADMINS_IN_SELECTED), away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION } },
    ),
  ),
  restRow("GET /refusals/{requestId}", "path.requestId", ({ requestId }) => ({ path: `/refusals/${requestId}` }), {
    own: readInRest(refusedTo("not_found")),
    away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION },
    superAdminAway: "not_found",
  }),
];

/** One's own, and nobody else's, of teams one is in; a super_admin who is in none has none. */
const OWN = { low: "ok", outside: "not_found", superAdmin: "not_found" } as const;
const personOf = (principal: Principal) => (principal.kind === "person" ? principal.person.id : null);
const NOTIFICATIONS: readonly Row[] = [
  graphql(
    "Query.notifications after",
    "query ($after: String) { notifications(after: $after) { nodes { id message team { name } link } } }",
    ({ notificationCursor }) => ({ after: notificationCursor }),
    { own: inGraphQL(ALWAYS) },
  ),
  mutation(
    "markNotificationRead",
    "id",
    "notification { id message team { name } }",
    async ({ notification }, principal) => ({ id: await notification(personOf(principal)) }),
    { own: inGraphQL(OWN), superAdminAway: "not_found" },
  ),
  mutation("markAllNotificationsRead", null, "marked viewer { unreadNotifications }", () => ({}), {
    own: inGraphQL(ALWAYS),
  }),
  restRow(
    "GET /notifications",
    "query.cursor",
    ({ notificationCursor }) => ({ path: `/notifications?cursor=${notificationCursor}` }),
    { own: readInRest(ALWAYS) },
  ),
  restRow(
    "PATCH /notifications/{id}",
    "path.id",
    async ({ notification }, principal) => ({
      path: `/notifications/${await notification(personOf(principal))}`,
      body: { isRead: true },
    }),
    { own: readInRest(OWN), superAdminAway: "not_found" },
  ),
];

/** The backoffice is closed before anything is looked at: the same answer whatever the id. */
const CLOSED = { low: "permission_missing", high: "permission_missing", outside: "permission_missing" } as const;
const BACKOFFICE: readonly Row[] = [
  graphql(
    "Query.teams after",
    "query ($after: String) { teams(after: $after) { nodes { id name backoffice { plan } } } }",
    ({ teamCursor }) => ({ after: teamCursor }),
    { own: inGraphQL(CLOSED), away: { superAdmin: "ok" } },
  ),
  graphql(
    "Query.people after",
    "query ($after: String) { people(after: $after) { nodes { id name email } } }",
    ({ personCursor }) => ({ after: personCursor }),
    { own: inGraphQL(CLOSED), away: { superAdmin: "ok" } },
  ),
  mutation("setTeamSubscription", "teamId", "team { id name }", ({ teamId }) => ({ teamId, requestsPerMinute: null }), {
    own: inGraphQL(CLOSED),
    away: { superAdmin: "not_found" },
  }),
  mutation(
    "setUserBan",
    "userId",
    "person { id name email }",
    async ({ person }) => ({ userId: await person(), banned: true }),
    { own: inGraphQL(CLOSED), away: { superAdmin: "not_found" } },
  ),
  restRow("GET /backoffice/teams/{id}", "path.id", ({ teamId }) => ({ path: `/backoffice/teams/${teamId}` }), {
    own: writeInRest(CLOSED),
    away: { superAdmin: "not_found" },
  }),
  restRow(
    "PATCH /backoffice/teams/{id}",
    "path.id",
    ({ teamId }) => ({ path: `/backoffice/teams/${teamId}`, body: { requestsPerMinute: null } }),
    { own: writeInRest(CLOSED), away: { superAdmin: "not_found" } },
  ),
];

const INVALID = "invitation_invalid";
const MUTATIONS: readonly Row[] = [
  mutation("createApiKey", "teamId", `apiKey { ${KEY_FIELDS} }`, ({ teamId }) => ({ ...KEY, teamId }), {
    own: inGraphQL(ADMINS_ONLY),
  }),
  mutation(
    "createApiKey",
    "replacesId",
    `apiKey { ${KEY_FIELDS} }`,
    async ({ key }) => ({ ...KEY, replacesId: await key() }),
    {
      own: inGraphQL({ ...ADMINS_ONLY, ...HAS_NO_TEAM }),
      away: { ...LACKS_PERMISSION, ...HAS_NO_TEAM },
      superAdminAway: "not_found",
    },
  ),
  mutation(
    "renameApiKey",
    "id",
    `apiKey { ${KEY_FIELDS} }`,
    async ({ key }) => ({ id: await key(), name: "Renamed" }),
    {
      own: inGraphQL(UNSEEN),
    },
  ),
  mutation("revokeApiKey", "id", `apiKey { ${KEY_FIELDS} }`, async ({ key }) => ({ id: await key() }), {
    own: inGraphQL(UNSEEN),
  }),
  mutation("createTeam", null, "team { id name } viewer { role }", () => ({ name: "By the matrix" }), {
    own: inGraphQL(ALWAYS),
  }),
  mutation("selectTeam", "teamId", `viewer { ${VIEWER_FIELDS} }`, ({ teamId }) => ({ teamId }), {
    own: inGraphQL(MEMBERS_ONLY),
  }),
  mutation(
    "setTeamSecondFactor",
    "teamId",
    "teamSecurity { requiresSecondFactor withoutSecondFactor { id name } }",
    ({ teamId }) => ({ teamId, isRequired: false }),
    { own: { ...inGraphQL(ADMINS_ONLY), admin: "permission_missing" } },
  ),
  mutation(
    "inviteMember",
    "teamId",
    "invitation { id email link }",
    ({ teamId }) => ({ teamId, email: "by-the-matrix@acme.example", role: "VIEWER" }),
    { own: inGraphQL(ADMINS_ONLY) },
  ),
  mutation(
    "acceptInvitation",
    "id",
    `team { id name } viewer { ${VIEWER_FIELDS} }`,
    async ({ link }, who) => ({ id: await link(who.kind === "person" ? who.person.email : "nobody@acme.example") }),
    {
      own: inGraphQL(ALWAYS),
      away: people({ low: INVALID, high: INVALID, outside: INVALID, superAdmin: INVALID }),
      superAdminAway: INVALID,
    },
  ),
  mutation(
    "cancelInvitation",
    "id",
    "invitation { id email }",
    async ({ invitation }) => ({ id: await invitation() }),
    {
      own: inGraphQL(UNSEEN),
    },
  ),
  mutation(
    "changeMemberRole",
    "memberId",
    `member { ${MEMBER_FIELDS} }`,
    async ({ member }) => ({ memberId: await member(), role: "MANAGER" }),
    { own: inGraphQL(UNSEEN) },
  ),
  mutation("removeMember", "memberId", "removedMemberId", async ({ member }) => ({ memberId: await member() }), {
    own: inGraphQL(UNSEEN),
  }),
  mutation("leaveTeam", "teamId", "removedMemberId", ({ teamId }) => ({ teamId }), {
    own: inGraphQL({ ...MEMBERS_ONLY, superAdmin: "not_found" }),
    superAdminAway: "not_found",
  }),
  mutation(
    "revokeMemberApiKeys",
    "memberId",
    `apiKeys { ${KEY_FIELDS} }`,
    async ({ member }) => ({ memberId: await member() }),
    {
      own: inGraphQL(UNSEEN),
    },
  ),
];

const BILLING = ["/billing/plans", "/billing/subscription", "/billing/usage"].map((path) =>
  restRow(`GET ${path}`, null, () => ({ path }), { own: readInRest(ADMINS_IN_SELECTED) }),
);
const FOR_ALL = people(ALWAYS);
/** No session opens it, whosever it is. */
const KEY_ONLY = {
  ...people({ low: "key_missing", high: "key_missing", outside: "key_missing", superAdmin: "key_missing" }),
  anonymous: "key_missing",
} as const;

const REST: readonly Row[] = [
  ...["/", "/openapi.json", "/docs"].map((path) =>
    restRow(`GET ${path}`, null, () => ({ path: path === "/" ? "" : path }), {
      own: { ...FOR_ALL, anonymous: "ok", key: "ok", bareKey: "ok" },
    }),
  ),
  restRow("GET /auth/me", null, () => ({ path: "/auth/me" }), {
    own: { ...FOR_ALL, anonymous: "key_missing", key: "ok", bareKey: "ok" },
  }),
  restRow("GET /verify", null, () => ({ path: "/verify?permission=api_keys:read" }), {
    own: { ...KEY_ONLY, key: "ok", bareKey: "permission_missing" },
  }),
  ...BILLING,
  restRow("GET /members", "query.cursor", ({ memberCursor }) => ({ path: `/members?cursor=${memberCursor}` }), {
    own: readInRest(ADMINS_IN_SELECTED),
    away: { ...HAS_NO_TEAM, ...LACKS_PERMISSION },
  }),
  restRow("GET /api-keys", "query.cursor", ({ keyCursor }) => ({ path: `/api-keys?cursor=${keyCursor}` }), {
    own: readInRest(IN_SELECTED),
    away: HAS_NO_TEAM,
  }),
  restRow("GET /api-keys", "query.createdById", ({ userId }) => ({ path: `/api-keys?createdById=${userId}` }), {
    own: readInRest(IN_SELECTED),
    away: HAS_NO_TEAM,
  }),
  restRow("GET /api-keys/{id}", "path.id", async ({ key }) => ({ path: `/api-keys/${await key()}` }), {
    own: readInRest(UNSEEN),
  }),
  restRow("POST /api-keys", "body.teamId", ({ teamId }) => ({ path: "/api-keys", body: { ...KEY, teamId } }), {
    own: writeInRest(ADMINS_ONLY),
  }),
  restRow(
    "POST /api-keys",
    "body.replacesId",
    async ({ key }) => ({ path: "/api-keys", body: { ...KEY, replacesId: await key() } }),
    {
      own: writeInRest({ ...ADMINS_ONLY, ...HAS_NO_TEAM }),
      away: { ...LACKS_PERMISSION, ...HAS_NO_TEAM },
      superAdminAway: "not_found",
    },
  ),
  restRow("DELETE /api-keys/{id}", "path.id", async ({ key }) => ({ path: `/api-keys/${await key()}` }), {
    own: writeInRest(UNSEEN),
  }),
];

export const ROWS: readonly Row[] = [
  ...QUERIES,
  ...AUDIT_LOG,
  ...ACTIVITY,
  ...NOTIFICATIONS,
  ...MUTATIONS,
  ...REST,
  ...BACKOFFICE,
];
