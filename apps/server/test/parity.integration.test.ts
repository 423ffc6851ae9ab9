import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationsOfContract } from "./authorisation/contract.ts";
import { graphql, rest } from "./doors.ts";
import { Story, type Person, type Team } from "./story.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

// Two doors, one product: whatever REST answers, GraphQL answers too, field by field, to the same person.

let server: TestServer;
let story: Story;
let acme: Team;
/** A viewer who made a key while they were an admin. */
let demoted: Person;
let root: Person;
let keyIds: string[];

beforeAll(async () => {
  server = await startTestServer({ SUPPORT_URL: "https://example.com/support" });
  story = new Story(server);
  acme = await story.team("Acme Ads");
  root = await story.superAdmin();
  await story.hurry(root);
  demoted = await story.member(acme, "admin");
  await story.member(acme, "manager");
  await server.sql("UPDATE subscription SET requests_per_minute = 100000 WHERE team_id = $1", [acme.id]);
  keyIds = await makeKeys();
  await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [demoted.memberId]);
}, 120_000);
afterAll(() => server.close());

/** One in each state there is. */
async function makeKeys(): Promise<string[]> {
  const used = await story.key(acme.owner, { name: "Used", permissions: ["analytics:read", "billing:read"] });
  await rest(server, { key: used.secret }, "GET", "/auth/me", { ip: "203.0.113.7" });
  await server.activity.flush();
  const old = await story.keyOf(acme.owner, 40, { name: "Idle" });
  const expired = await story.keyOf(acme.owner, 3, { name: "Expired", expiresInDays: 1 });
  const soon = await story.key(acme.owner, { name: "Soon", expiresInDays: 3 });
  const revoked = await story.key(demoted, { name: "Revoked" });
  await server.services.apiKeys.revoke(await story.contextOf(acme.owner), { id: revoked.id });
  const theirs = await story.key(demoted, { name: "Theirs", permissions: ["billing:read"] });
  const next = await story.key(acme.owner, { name: "Idle, next", replacesId: old.id });
  return [used, old, expired, soon, revoked, theirs, next].map(({ id }) => id);
}

const KEY = `id name prefix status blockedReason permissions effectivePermissions createdAt createdBy { id name } expiresAt
  expiresSoon lastUsed lastUsedIp revokedAt revokedBy { id name } replaces { id } replacedBy { id }`;

// Shapes differ from query to query, as in doors.ts.
// oxlint-disable-next-line typescript/no-explicit-any
type Fields = Record<string, any>;

/** GraphQL nests where REST has ids. */
function keyOf({ replaces, replacedBy, ...key }: Fields): object {
  return { ...key, replacesId: replaces?.id ?? null, replacedById: replacedBy?.id ?? null };
}

/** Enum values are in capitals in GraphQL; in REST those of a plan and a role are words. */
const word = (value: string | null) => value?.toLowerCase() ?? null;

const read = async (person: Person, path: string) => {
  const answer = await rest(server, { person }, "GET", path);
  return answer.status === 200 ? answer.body : answer.body.code;
};
const ask = async (person: Person, query: string, variables: object = {}) => {
  const { data, errors } = await graphql(server, person, query, variables);
  return errors.length === 0 ? data : errors[0]?.extensions["code"];
};

const TEAM = `id name slug backoffice { plan status requestsPerMinute effectiveRequestsPerMinute members activeKeys activeKeysLimit createdAt }`;
const SET_SUBSCRIPTION = `mutation ($input: SetTeamSubscriptionInput!) { setTeamSubscription(input: $input) {
  ... on SetTeamSubscriptionPayload { notice team { ${TEAM} } } ... on Error { code message } ... on InvalidInputError { fields { path message } } } }`;
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on CreateApiKeyPayload { key apiKey { ${KEY} } } ... on Error { code message }
  ... on PermissionMissingError { requiredPermission } ... on InvalidInputError { fields { path message } }
  ... on KeyLimitReachedError { scope limit active billingUrl supportUrl } } }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
  ... on RevokeApiKeyPayload { apiKey { ${KEY} } } ... on Error { code message } ... on PermissionMissingError { requiredPermission } } }`;

function teamOf({ id, name, slug, backoffice }: Fields): Fields {
  const { activeKeys, activeKeysLimit, plan, status, ...facts } = backoffice;
  return {
    id,
    name,
    slug,
    ...facts,
    plan: word(plan),
    status: word(status),
    activeKeys: { used: activeKeys, limit: activeKeysLimit },
  };
}

/** The queries of `GET /api-keys`, each with what it is in GraphQL. */
const LISTS: readonly (readonly [string, object])[] = [
  ["", {}],
  ["?status=ACTIVE", { filter: { status: ["ACTIVE"] } }],
  ["?status=REVOKED&status=EXPIRED", { filter: { status: ["REVOKED", "EXPIRED"] } }],
  ["?search=idle", { filter: { search: "idle" } }],
  ["?permission=billing:read", { filter: { permission: "billing:read" } }],
  ["?expiresSoon=true", { filter: { expiresSoon: true } }],
  ["?expiresSoon=false", { filter: { expiresSoon: false } }],
  ["?unusedForDays=30", { filter: { unusedForDays: 30 } }],
  ["?neverUsed=true", { filter: { neverUsed: true } }],
  ["?neverUsed=false", { filter: { neverUsed: false } }],
  ["?orderBy=NAME&direction=ASC", { orderBy: { field: "NAME", direction: "ASC" } }],
  ["?orderBy=LAST_USED", { orderBy: { field: "LAST_USED", direction: "DESC" } }],
  ["?orderBy=EXPIRES_AT&direction=ASC", { orderBy: { field: "EXPIRES_AT", direction: "ASC" } }],
  [
    "?status=ACTIVE&neverUsed=true&orderBy=NAME",
    { filter: { status: ["ACTIVE"], neverUsed: true }, orderBy: { field: "NAME", direction: "DESC" } },
  ],
];
const KEYS = `query ($first: Int, $after: String, $filter: ApiKeyFilter, $orderBy: ApiKeyOrderBy) {
  apiKeys(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { nodes { ${KEY} } pageInfo { hasNextPage endCursor } } }`;
const MEMBERS = `query ($first: Int, $after: String) { members(first: $first, after: $after) {
  nodes { id user { id name email } role joinedAt activeKeys } pageInfo { hasNextPage endCursor } } }`;

const EVENT = `id at action actor { id name } actorKey { id kind label } target { id kind label } changes { field before after }
  ip userAgent requestId`;
const EVENTS = `query ($first: Int, $after: String, $filter: AuditFilter) { auditLog(first: $first, after: $after, filter: $filter) {
  nodes { ${EVENT} } pageInfo { hasNextPage endCursor } } }`;

/** GraphQL has no type for "any value": it tells those of a change as text. */
function withTexts(event: Fields): Fields {
  const text = (value: string | number | string[] | null) =>
    value === null ? null : Array.isArray(value) ? value.join(", ") : String(value);
  const changes = event["changes"].map(({ field, before, after }: Fields) => ({
    field,
    before: text(before),
    after: text(after),
  }));
  return { ...event, changes };
}

const CALL = `requestId at apiKey { id name prefix } actor { id name } method operation status code requiredPermission
  durationMilliseconds ip calls`;
const CALLS = `query ($first: Int, $after: String, $filter: ActivityFilter) { activity(first: $first, after: $after, filter: $filter) {
  nodes { ${CALL} } pageInfo { hasNextPage endCursor } searchedUntil } }`;

const NOTIFICATION = "id kind message team { id name slug } apiKeyId at readAt link";
const NOTIFICATIONS = `query ($first: Int, $after: String) { notifications(first: $first, after: $after) {
  nodes { ${NOTIFICATION} } pageInfo { hasNextPage endCursor } } }`;
const MARK_READ = `mutation ($input: MarkNotificationReadInput!) { markNotificationRead(input: $input) {
  ... on MarkNotificationReadPayload { notification { ${NOTIFICATION} } } ... on Error { code message } } }`;

/** Follows both lists to their ends, two rows at a time. */
async function comparePages(
  path: string,
  query: string,
  name: string,
  toJson: (node: Fields) => unknown,
): Promise<void> {
  let next: string | null = `${path}?limit=2`;
  let after: string | null = null;
  let pages = 0;
  while (next !== null) {
    const { body, headers } = await rest(server, { person: acme.owner }, "GET", next);
    const connection: Fields = (await ask(acme.owner, query, { first: 2, after }))[name];
    expect(body.data).toEqual(connection.nodes.map(toJson));
    expect(body.page.hasMore).toBe(connection.pageInfo.hasNextPage);
    expect(body.page.nextCursor).toBe(body.page.hasMore ? connection.pageInfo.endCursor : null);
    after = connection.pageInfo.endCursor;
    next = /^<\/api\/v1(.+)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1] ?? null;
    expect(next !== null).toBe(body.page.hasMore);
    pages += 1;
  }
  expect(pages).toBeGreaterThan(1);
}

const PAIRS: Readonly<Record<string, () => Promise<void>>> = {
  "GET /auth/me": async () => {
    for (const person of [acme.owner, demoted, root]) {
      const { viewer } = await ask(person, "{ viewer { user { id name } team { id name slug } role } }");
      expect(await read(person, "/auth/me")).toEqual({ ...viewer, role: word(viewer.role), key: null });
    }
  },
  "GET /billing/plans": async () => {
    const query =
      "{ plans { name activeKeysPerTeam activeKeysPerCreator requestsPerMinute adAccounts monthlyAdSpendUsd } }";
    const { plans } = await ask(acme.owner, query);
    const { data } = await read(acme.owner, "/billing/plans");
    expect(data).toEqual(plans.map((plan: { name: string }) => ({ ...plan, name: word(plan.name) })));
    expect(data).toHaveLength(4);
  },
  "GET /billing/subscription": async () => {
    const query =
      "{ subscription { plan { name } status isUsable currentPeriodStart currentPeriodEnd requestsPerMinute supportUrl } }";
    const { subscription } = await ask(acme.owner, query);
    const { plan, status, ...facts } = subscription;
    expect(await read(acme.owner, "/billing/subscription")).toEqual({
      ...facts,
      plan: word(plan.name),
      status: word(status),
    });
    expect(await read(demoted, "/billing/subscription")).toBe(await ask(demoted, query));
  },
  "GET /billing/usage": async () => {
    const limits = ["activeKeys", "ownActiveKeys", "requests", "adAccounts", "monthlyAdSpendUsd"];
    const query = `{ usage { ${limits.map((limit) => `${limit} { used limit }`).join(" ")} } }`;
    expect(await read(acme.owner, "/billing/usage")).toEqual((await ask(acme.owner, query)).usage);
    expect(await read(demoted, "/billing/usage")).toBe(await ask(demoted, query));
  },
  "GET /members": async () => {
    await comparePages("/members", MEMBERS, "members", ({ role, ...member }: Fields) => ({
      ...member,
      role: word(role),
    }));
    expect(await read(demoted, "/members")).toBe(await ask(demoted, MEMBERS));
  },
  "GET /api-keys": async () => {
    for (const person of [acme.owner, demoted]) {
      for (const [query, variables] of [
        ...LISTS,
        [`?createdById=${demoted.id}`, { filter: { createdById: demoted.id } }],
      ] as const) {
        const { nodes } = (await ask(person, KEYS, variables)).apiKeys;
        expect((await read(person, `/api-keys${query}`)).data, query).toEqual(nodes.map(keyOf));
      }
    }
    expect((await read(acme.owner, "/api-keys")).data).toHaveLength(keyIds.length);
    await comparePages("/api-keys", KEYS, "apiKeys", keyOf);
  },
  "GET /audit-log": async () => {
    for (const [query, filter] of [
      ["", {}],
      [`?keyId=${keyIds[0]}`, { keyId: keyIds[0] }],
      [`?actorId=${demoted.id}`, { actorId: demoted.id }],
      ["?action=api_key.revoked&action=api_key.created", { actions: ["api_key.revoked", "api_key.created"] }],
      ["?search=nobody", { search: "nobody" }],
    ] as const) {
      const { nodes } = (await ask(acme.owner, EVENTS, { filter })).auditLog;
      expect((await read(acme.owner, `/audit-log${query}`)).data.map(withTexts), query).toEqual(nodes);
    }
    expect(await read(demoted, "/audit-log")).toBe(await ask(demoted, EVENTS));
  },
  "GET /activity": async () => {
    await server.activity.flush();
    const [used] = keyIds;
    for (const [query, filter] of [
      ["?credential=API_KEY", { credential: "API_KEY" }],
      [`?keyId=${used}`, { keyId: used }],
      [`?actorId=${acme.owner.id}&credential=API_KEY`, { actorId: acme.owner.id, credential: "API_KEY" }],
      ["?operation=/api/v1/auth/me&status=2xx", { operation: "/api/v1/auth/me", statusClasses: ["STATUS_2XX"] }],
      [
        "?status=4xx&status=5xx&credential=API_KEY",
        { statusClasses: ["STATUS_4XX", "STATUS_5XX"], credential: "API_KEY" },
      ],
      ["?code=permission_missing&search=me", { codes: ["permission_missing"], search: "me" }],
    ] as const) {
      const { nodes } = (await ask(acme.owner, CALLS, { filter })).activity;
      expect((await read(acme.owner, `/activity${query}`)).data, query).toEqual(nodes);
    }
    expect((await read(acme.owner, `/activity?keyId=${used}`)).data).toHaveLength(1);
    expect(await read(demoted, "/activity")).toBe(await ask(demoted, CALLS));
  },
  "GET /refusals/{requestId}": async () => {
    const key = await story.key(acme.owner, { permissions: ["billing:read"] });
    const { headers } = await rest(server, { key: key.secret }, "GET", "/members");
    await server.activity.flush();
    const query = `query ($id: ID!) { refusal(requestId: $id) { call { ${CALL} } step needed } }`;
    for (const id of [headers.get("x-request-id"), "req_00000000000000000000", "no id at all"]) {
      const { refusal } = await ask(acme.owner, query, { id });
      expect(await read(acme.owner, `/refusals/${id}`)).toEqual(refusal ?? "not_found");
      expect(await read(demoted, `/refusals/${id}`)).toBe(await ask(demoted, query, { id }));
    }
  },
  "GET /notifications": async () => {
    await server.services.notificationRuns.run(["created", "revoked", "expiry"]);
    await comparePages("/notifications", NOTIFICATIONS, "notifications", (notification) => notification);
    const { nodes } = (await ask(demoted, NOTIFICATIONS)).notifications;
    expect((await read(demoted, "/notifications")).data).toEqual(nodes);
  },
  "PATCH /notifications/{id}": async () => {
    await server.services.notificationRuns.run(["revoked"]);
    const [{ id }] = (await read(demoted, "/notifications")).data;
    for (const one of [id, "notification_00000000000000000000", "no id at all"]) {
      const body = { isRead: true };
      const marked = await rest(server, { person: demoted }, "PATCH", `/notifications/${one}`, { body });
      const { markNotificationRead: same } = await ask(demoted, MARK_READ, { input: { id: one } });
      const { code, detail } = marked.body;
      if (marked.status === 200) expect(marked.body).toEqual(same.notification);
      else expect([code, detail]).toEqual([same.code, same.message]);
    }
  },
  "GET /api-keys/{id}": async () => {
    const query = `query ($id: ID!) { apiKey(id: $id) { ${KEY} } }`;
    for (const person of [acme.owner, demoted, root]) {
      for (const id of [...keyIds, "key_00000000000000000000", "no id at all"]) {
        const { apiKey } = await ask(person, query, { id });
        expect(await read(person, `/api-keys/${id}`)).toEqual(apiKey === null ? "not_found" : keyOf(apiKey));
      }
    }
  },
  "POST /api-keys": async () => {
    const input = { name: "Twice", permissions: ["reports:read", "analytics:read"], expiresInDays: 30 };
    const made = await rest(server, { person: acme.owner }, "POST", "/api-keys", { body: input });
    const { createApiKey } = await ask(acme.owner, CREATE, { input });
    const one = { id: 0, prefix: 0, createdAt: 0, expiresAt: 0, key: 0 };
    const { key, apiKey } = createApiKey;
    expect({ ...made.body, ...one }).toEqual({ ...keyOf(apiKey), ...one });
    const lifeOf = (record: { createdAt: string; expiresAt: string }) =>
      Date.parse(record.expiresAt) - Date.parse(record.createdAt);
    expect(lifeOf(made.body)).toBe(lifeOf(apiKey));
    for (const secret of [made.body.key, key]) expect(secret).toMatch(/^lk_[0-9A-Za-z]{38}$/);
    await compareRefusals();
  },
  "DELETE /api-keys/{id}": async () => {
    const [one, other] = [await story.key(acme.owner, { name: "Gone" }), await story.key(acme.owner, { name: "Gone" })];
    expect((await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${one.id}`)).status).toBe(204);
    const { revokeApiKey } = await ask(acme.owner, REVOKE, { input: { id: other.id } });
    const own = { id: 0, prefix: 0, createdAt: 0, revokedAt: 0 };
    expect({ ...(await read(acme.owner, `/api-keys/${one.id}`)), ...own }).toEqual({
      ...keyOf(revokeApiKey.apiKey),
      ...own,
    });
    for (const [person, id] of [
      [demoted, keyIds[0]],
      [acme.owner, "key_00000000000000000000"],
    ] as const) {
      const { status, body } = await rest(server, { person }, "DELETE", `/api-keys/${id}`);
      const refused = (await ask(person, REVOKE, { input: { id } })).revokeApiKey;
      expect([status, body.code, body.detail]).toEqual([404, refused.code, refused.message]);
    }
  },
  "GET /backoffice/teams/{id}": async () => {
    const { teams } = await ask(root, `query ($search: String) { teams(search: $search) { nodes { ${TEAM} } } }`, {
      search: acme.id,
    });
    const { notice, ...team } = await read(root, `/backoffice/teams/${acme.id}`);
    expect(team).toEqual(teamOf(teams.nodes[0]));
    expect(notice).toBeNull();
    expect(await read(acme.owner, `/backoffice/teams/${acme.id}`)).toBe(
      await ask(acme.owner, "{ teams { nodes { id } } }"),
    );
  },
  "PATCH /backoffice/teams/{id}": async () => {
    const { id } = await story.team("Changed");
    for (const change of [
      { plan: "scale" },
      { status: "canceled" },
      { requestsPerMinute: 9 },
      { plan: "starter", requestsPerMinute: null },
      { requestsPerMinute: 0 },
    ]) {
      const { status, body } = await rest(server, { person: root }, "PATCH", `/backoffice/teams/${id}`, {
        body: change,
      });
      const inCapitals = Object.fromEntries(
        Object.entries(change).map(([name, value]) => [name, typeof value === "string" ? value.toUpperCase() : value]),
      );
      const { setTeamSubscription: changed } = await ask(root, SET_SUBSCRIPTION, {
        input: { teamId: id, ...inCapitals },
      });
      if (status === 200) expect(body).toEqual({ ...teamOf(changed.team), notice: changed.notice });
      else expect([body.code, body.detail, body.errors]).toEqual([changed.code, changed.message, changed.fields]);
    }
  },
};

/** Why no key is made is the same in both doors, word by word. */
async function compareRefusals(): Promise<void> {
  const small = await story.team("Small", "starter");
  for (let made = 0; made < 5; made += 1) await story.key(small.owner);
  const lapsed = await story.team("Lapsed");
  await server.sql("UPDATE subscription SET status = 'canceled' WHERE team_id = $1", [lapsed.id]);
  const good = { name: "No", permissions: ["analytics:read"] };
  const refusals: [string, Person, object][] = [
    ["permission_missing", demoted, good],
    ["key_limit_reached", small.owner, good],
    ["subscription_inactive", lapsed.owner, good],
    ["already_replaced", acme.owner, { ...good, replacesId: keyIds[1] }],
    ["not_found", acme.owner, { ...good, replacesId: "key_00000000000000000000" }],
    ["not_found", acme.owner, { ...good, teamId: small.id }],
    ["invalid_input", acme.owner, { name: "", permissions: [], expiresInDays: 0 }],
  ];
  for (const [code, person, input] of refusals) {
    const { body } = await rest(server, { person }, "POST", "/api-keys", { body: input });
    const { createApiKey: refused } = await ask(person, CREATE, { input });
    const { message, fields, scope, ...others } = refused;
    expect(others.code).toBe(code);
    expect(body).toMatchObject({
      ...others,
      detail: message,
      ...(fields === undefined ? {} : { errors: fields }),
      ...(scope === undefined ? {} : { scope: word(scope) }),
    });
  }
}

/** Routes without a counterpart, and why. */
const ALONE: Readonly<Record<string, string>> = {
  "GET /": "says where the documentation is",
  "GET /openapi.json": "describes REST; GraphQL's is its schema",
  "GET /docs": "shows REST; GraphQL's is GraphiQL",
  "GET /verify": "is about the key that asks, and no key may use GraphQL",
};

describe("REST and GraphQL", () => {
  test("every route has a counterpart, or a reason to have none", () => {
    const routes = operationsOfContract().filter(({ name }) => name.includes(" /"));
    expect([...Object.keys(PAIRS), ...Object.keys(ALONE)].toSorted()).toEqual(
      routes.map(({ name }) => name).toSorted(),
    );
  });

  test.each(Object.entries(PAIRS))(
    "%s answers what GraphQL answers",
    async (_route, compare) => {
      await compare();
    },
    60_000,
  );
});
