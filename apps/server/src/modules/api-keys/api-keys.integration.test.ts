import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphql, me, rest } from "../../../test/doors.ts";
import { statementsOf } from "../../../test/statement-count.ts";
import { Story, type Person, type Team } from "../../../test/story.ts";
import { startTestServer, type TestServer } from "../../../test/test-server.ts";

let server: TestServer;
let story: Story;
let acme: Team;
let globex: Team;
let viewer: Person;
let manager: Person;
let admin: Person;

beforeAll(async () => {
  server = await startTestServer();
  story = new Story(server);
  acme = await story.team("Acme Ads");
  globex = await story.team("Globex Media");
  viewer = await story.member(acme, "viewer");
  manager = await story.member(acme, "manager");
  admin = await story.member(acme, "admin");
});
afterAll(() => server.close());

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename
  ... on CreateApiKeyPayload { key apiKey { id name prefix status permissions effectivePermissions expiresAt createdAt createdBy { id name } } }
  ... on Error { code message } ... on InvalidInputError { fields { path message } } ... on PermissionMissingError { requiredPermission } } }`;
const RENAME = `mutation ($input: RenameApiKeyInput!) { renameApiKey(input: $input) { __typename
  ... on RenameApiKeyPayload { apiKey { id name } } ... on Error { code message } } }`;
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename
  ... on RevokeApiKeyPayload { apiKey { id status revokedAt revokedBy { id } } } ... on Error { code message } ... on PermissionMissingError { requiredPermission } } }`;
const READ = `query ($id: ID!) { apiKey(id: $id) { id name status blockedReason viewerMayRename viewerMayRevoke createdBy { email } } }`;

const create = async (person: Person | null, input: object) => graphql(server, person, CREATE, { input });
const keysIn = (teamId: string) => server.sql("SELECT * FROM api_key WHERE team_id = $1", [teamId]);
const eventsOf = (targetId: string) =>
  server.sql<{ action: string; actor_id: string; before: unknown; after: unknown }>(
    "SELECT action, actor_id, before, after FROM audit_event WHERE target_id = $1 ORDER BY at, id",
    [targetId],
  );

describe("creating a key", () => {
  test("gives the secret once, the record without it ever after, and one audit event in the same transaction", async () => {
    const { data } = await create(admin, {
      name: "  Café  ",
      permissions: ["reports:read", "reports:read", "billing:read"],
      expiresInDays: 30,
    });
    const { key, apiKey } = data.createApiKey;
    expect(key).toMatch(/^lk_[0-9A-Za-z]{38}$/);
    expect(apiKey).toMatchObject({
      name: "Café",
      prefix: key.slice(0, 7),
      status: "ACTIVE",
      permissions: ["reports:read", "billing:read"],
      createdBy: { id: admin.id },
    });
    expect(Date.parse(apiKey.expiresAt) - Date.parse(apiKey.createdAt)).toBe(30 * 24 * 60 * 60 * 1000);
    expect((await me(server, key)).body.key.id).toBe(apiKey.id);

    const everything = JSON.stringify([
      await rest(server, { person: admin }, "GET", `/api-keys/${apiKey.id}`),
      await rest(server, { person: admin }, "GET", "/api-keys"),
      await server.sql("SELECT row_to_json(k) FROM api_key k"),
      await server.sql("SELECT row_to_json(e) FROM audit_event e"),
      server.logLines,
    ]);
    expect(everything).toContain(apiKey.id);
    expect(everything).not.toContain(key.slice(8));
    expect(await eventsOf(apiKey.id)).toMatchObject([
      {
        action: "api_key.created",
        actor_id: admin.id,
        before: null,
        after: { name: "Café", prefix: apiKey.prefix, permissions: ["reports:read", "billing:read"] },
      },
    ]);
  });

  test("through REST is the same key: 201, the record plus the secret", async () => {
    const answer = await rest(server, { person: admin }, "POST", "/api-keys", {
      body: { name: "From REST", permissions: ["analytics:read"] },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { key, ...record } = answer.body;
    expect((await rest(server, { person: admin }, "GET", `/api-keys/${record.id}`)).body).toEqual(record);
    expect((await me(server, key)).status).toBe(200);
  });

  test("without an audit event there is no key: both or none", async () => {
    await server.sql("ALTER TABLE audit_event RENAME TO away");
    const before = (await keysIn(acme.id)).length;
    const answer = await create(admin, { name: "Unaudited", permissions: ["analytics:read"] });
    await server.sql("ALTER TABLE away RENAME TO audit_event");
    expect(answer.errors[0]?.extensions.code).toBe("internal");
    expect(answer.errors[0]?.message).not.toMatch(/audit_event|relation/);
    expect(await keysIn(acme.id)).toHaveLength(before);
  });

  test("is refused to who may not: nobody, viewer, manager; nothing is made", async () => {
    const before = (await keysIn(acme.id)).length;
    const input = { name: "x", permissions: ["analytics:read"] };
    expect((await create(null, input)).errors[0]?.extensions.code).toBe("unauthenticated");
    for (const person of [viewer, manager]) {
      expect((await create(person, input)).data.createApiKey).toMatchObject({
        __typename: "PermissionMissingError",
        requiredPermission: "api_keys:create",
      });
      expect((await rest(server, { person }, "POST", "/api-keys", { body: input })).status).toBe(403);
    }
    expect(await keysIn(acme.id)).toHaveLength(before);
  });

  test("in another team is not found, exactly as in a team that does not exist", async () => {
    const input = { name: "x", permissions: ["analytics:read"] };
    const foreign = await create(admin, { ...input, teamId: globex.id });
    const random = await create(admin, { ...input, teamId: "team_00000000000000000000" });
    expect(foreign.data).toEqual(random.data);
    expect(foreign.data.createApiKey.code).toBe("not_found");
    expect(await keysIn(globex.id)).toHaveLength(0);
  });

  test.each([
    ["members:manage", "invalid_input"],
    ["api_keys:create", "invalid_input"],
    ["backoffice:access", "permission_missing"],
  ])("with %s is refused: %s", async (permission, code) => {
    const before = (await keysIn(acme.id)).length;
    expect(
      (await create(acme.owner, { name: "x", permissions: ["analytics:read", permission] })).data.createApiKey.code,
    ).toBe(code);
    expect(await keysIn(acme.id)).toHaveLength(before);
  });

  test.each(["canceled", "no_such_word"])("needs a subscription: %s refuses, past_due does not", async (status) => {
    const team = await story.team("Billing");
    await server.sql("UPDATE subscription SET status = $2 WHERE team_id = $1", [team.id, status]);
    expect((await create(team.owner, { name: "x", permissions: ["analytics:read"] })).data.createApiKey.code).toBe(
      "subscription_inactive",
    );
    expect(
      (
        await rest(server, { person: team.owner }, "POST", "/api-keys", {
          body: { name: "x", permissions: ["analytics:read"] },
        })
      ).status,
    ).toBe(402);
    await server.sql("UPDATE subscription SET status = 'past_due' WHERE team_id = $1", [team.id]);
    expect(
      (await create(team.owner, { name: "x", permissions: ["analytics:read"] })).data.createApiKey.__typename,
    ).toBe("CreateApiKeyPayload");
  });

  test("as a replacement links the two; a second unrevoked one is 409, also when both are asked at once", async () => {
    const old = await story.key(admin);
    const replacement = { name: "New", permissions: ["analytics:read"], replacesId: old.id };
    const answers = await Promise.all([
      create(admin, replacement),
      create(admin, replacement),
      create(acme.owner, replacement),
    ]);
    const kinds = answers.map(({ data }) => data.createApiKey.code ?? data.createApiKey.__typename).toSorted();
    expect(kinds).toEqual(["CreateApiKeyPayload", "already_replaced", "already_replaced"]);
    const made = answers.find(({ data }) => data.createApiKey.apiKey)?.data.createApiKey.apiKey;
    expect((await rest(server, { person: admin }, "GET", `/api-keys/${old.id}`)).body.replacedById).toBe(made.id);
    await rest(server, { person: admin }, "DELETE", `/api-keys/${made.id}`);
    expect((await create(admin, replacement)).data.createApiKey.__typename).toBe("CreateApiKeyPayload");
  });

  test("as a replacement of another team's key is not found", async () => {
    const foreign = await story.key(globex.owner);
    expect(
      (await create(admin, { name: "x", permissions: ["analytics:read"], replacesId: foreign.id })).data.createApiKey
        .code,
    ).toBe("not_found");
  });
});

describe("seeing keys", () => {
  test("everybody sees their own whatever their role is now; others' need api_keys:read", async () => {
    const made = await story.key(admin, { name: "Of the admin" });
    const visible = async (person: Person) =>
      (await rest(server, { person }, "GET", "/api-keys?limit=100")).body.data.map(({ id }: { id: string }) => id);
    expect(await visible(acme.owner)).toContain(made.id);
    expect(await visible(viewer)).toEqual([]);
    const demoted = await story.member(acme, "admin");
    const own = await story.key(demoted);
    await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [demoted.memberId]);
    expect(await visible(demoted)).toEqual([own.id]);
    const read = await graphql(server, demoted, READ, { id: own.id });
    expect(read.data.apiKey).toMatchObject({ id: own.id, viewerMayRename: true, viewerMayRevoke: true });
    expect(read.data.apiKey.createdBy.email).toBe(demoted.email);
  });

  test("another team's key, an unseen key of the own team and a random id are one and the same answer", async () => {
    const foreign = await story.key(globex.owner);
    const unseen = await story.key(admin);
    const strip = ({ requestId: _id, instance: _instance, ...problem }: Record<string, unknown>) => problem;
    const answers = await Promise.all(
      [foreign.id, unseen.id, "key_00000000000000000000"].map(async (id) => {
        const [get, remove] = [
          await rest(server, { person: viewer }, "GET", `/api-keys/${id}`),
          await rest(server, { person: viewer }, "DELETE", `/api-keys/${id}`),
        ];
        const read = await graphql(server, viewer, READ, { id });
        const rename = await graphql(server, viewer, RENAME, { input: { id, name: "x" } });
        const revoke = await graphql(server, viewer, REVOKE, { input: { id } });
        return JSON.stringify([
          get.status,
          strip(get.body),
          remove.status,
          strip(remove.body),
          read.data,
          rename.data,
          revoke.data,
        ]);
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"not_found"');
    expect((await me(server, foreign.secret)).status).toBe(200);
    expect((await me(server, unseen.secret)).status).toBe(200);
  });

  test("a key sees other keys only with api_keys:read", async () => {
    const reader = await story.key(admin, { permissions: ["api_keys:read"] });
    const blind = await story.key(admin, { permissions: ["analytics:read"] });
    expect((await rest(server, { key: reader.secret }, "GET", `/api-keys/${blind.id}`)).status).toBe(200);
    expect((await rest(server, { key: blind.secret }, "GET", `/api-keys/${blind.id}`)).body.requiredPermission).toBe(
      "api_keys:read",
    );
    const foreign = await story.key(globex.owner);
    expect((await rest(server, { key: reader.secret }, "GET", `/api-keys/${foreign.id}`)).status).toBe(404);
  });

  test("an e-mail address is shown to oneself and to members:read only", async () => {
    const own = await story.key(admin);
    expect((await graphql(server, acme.owner, READ, { id: own.id })).data.apiKey.createdBy.email).toBe(admin.email);
    const root = await story.superAdmin();
    expect((await graphql(server, root, READ, { id: own.id })).data.apiKey.createdBy.email).toBe(admin.email);
  });
});

describe("renaming and revoking", () => {
  test("the own key needs nothing more; another's needs api_keys:revoke", async () => {
    const own = await story.key(admin);
    await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [admin.memberId]);
    expect(
      (await graphql(server, admin, RENAME, { input: { id: own.id, name: "Renamed" } })).data.renameApiKey.apiKey.name,
    ).toBe("Renamed");
    await server.sql("UPDATE member SET role = 'admin' WHERE id = $1", [admin.memberId]);
    const { data } = await graphql(server, acme.owner, REVOKE, { input: { id: own.id } });
    expect(data.revokeApiKey.apiKey).toMatchObject({ status: "REVOKED", revokedBy: { id: acme.owner.id } });
    expect((await eventsOf(own.id)).map(({ action }) => action)).toEqual([
      "api_key.created",
      "api_key.renamed",
      "api_key.revoked",
    ]);
  });

  test("is for people: a key that sees everything is told so", async () => {
    const reader = await story.key(admin, { permissions: ["api_keys:read"] });
    expect((await rest(server, { key: reader.secret }, "DELETE", `/api-keys/${reader.id}`)).body.code).toBe(
      "session_required",
    );
  });

  test("revoking twice keeps the first instant and person, and records one event", async () => {
    const key = await story.key(admin);
    const first = (await graphql(server, admin, REVOKE, { input: { id: key.id } })).data.revokeApiKey.apiKey;
    const again = (await graphql(server, acme.owner, REVOKE, { input: { id: key.id } })).data.revokeApiKey.apiKey;
    expect(again).toEqual(first);
    expect(await eventsOf(key.id)).toHaveLength(2);
  });

  test("revoking takes two statements, and answers with the key as it is read from then on", async () => {
    const key = await story.key(admin);
    const context = await story.contextOf(acme.owner);
    const { result, statements } = await statementsOf(() => server.services.apiKeys.revoke(context, { id: key.id }));
    // The barrier's own are beside them.
    expect(statements.filter((statement) => !/server_process|barrier_number/.test(statement))).toEqual([
      expect.stringMatching(/^WITH page AS/),
      expect.stringMatching(/^WITH changed AS \(\s+UPDATE api_key/),
    ]);
    expect(result).toEqual(await server.services.apiKeys.get(context, key.id));
    expect(result).toMatchObject({ status: "REVOKED", revokedBy: { id: acme.owner.id, isMember: true } });
  });

  test("20 rounds: no call that begins after the answer is accepted, with callers in flight all along", async () => {
    for (let round = 0; round < 20; round += 1) {
      const key = await story.key(admin);
      let isAcknowledged = false;
      const afterwards: number[] = [];
      const callers = Array.from({ length: 8 }, async (_, caller) => {
        // An address each: many refusals of one are told as 429.
        const ip = `10.99.${round}.${caller}`;
        for (let call = 0; call < 12; call += 1) {
          const beganAfter = isAcknowledged;
          const { status } = await rest(server, { key: key.secret }, "GET", "/auth/me", { ip });
          if (beganAfter) afterwards.push(status);
        }
      });
      expect((await rest(server, { person: admin }, "DELETE", `/api-keys/${key.id}`)).status).toBe(204);
      isAcknowledged = true;
      await Promise.all(callers);
      afterwards.push((await me(server, key.secret)).status);
      expect(new Set(afterwards)).toEqual(new Set([401]));
    }
  });
});

describe("why an active key would be refused", () => {
  const reasonOf = async (id: string) => (await graphql(server, acme.owner, READ, { id })).data.apiKey.blockedReason;

  test("is told by the list as by the next call", async () => {
    const person = await story.member(acme, "admin");
    const key = await story.key(person, { permissions: ["billing:read"] });
    expect(await reasonOf(key.id)).toBeNull();
    await server.sql("UPDATE member SET role = 'viewer' WHERE id = $1", [person.memberId]);
    expect(await reasonOf(key.id)).toBe("NO_PERMISSION_LEFT");
    await server.sql("UPDATE subscription SET status = 'canceled' WHERE team_id = $1", [acme.id]);
    expect(await reasonOf(key.id)).toBe("SUBSCRIPTION_INACTIVE");
    await server.sql(`UPDATE "user" SET banned_at = now() WHERE id = $1`, [person.id]);
    expect(await reasonOf(key.id)).toBe("OWNER_BANNED");
    await server.sql("DELETE FROM member WHERE id = $1", [person.memberId]);
    expect(await reasonOf(key.id)).toBe("OWNER_REMOVED");
    await server.sql("UPDATE subscription SET status = 'active' WHERE team_id = $1", [acme.id]);
    await rest(server, { person: acme.owner }, "DELETE", `/api-keys/${key.id}`);
    expect(await reasonOf(key.id)).toBeNull();
  });
});
