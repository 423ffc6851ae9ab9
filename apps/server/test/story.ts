import type { CreateApiKeyInput } from "@latchkey/types/inputs/api-keys";
import type { TeamRole } from "@latchkey/types/roles";
import type { SessionActor } from "@latchkey/types/actor";
import { isTeamRole } from "@latchkey/types/roles";
import { DemoClock } from "../src/demo/demo-clock.ts";
import type { ApiKeyCreation } from "../src/modules/api-keys/api-key-creation.service.ts";
import type { RequestContext } from "../src/platform/request-context.ts";
import type { TestServer } from "./test-server.ts";

export const PASSWORD = "correct horse battery";

export interface Person {
  readonly id: string;
  readonly email: string;
  /** The Cookie header of their session. */
  readonly cookie: string;
  readonly memberId: string | null;
}

export interface Team {
  readonly id: string;
  readonly owner: Person;
}

const A_KEY = { name: "Test key", permissions: ["analytics:read"] };

let counter = 0;
let passwordHash: Promise<string> | undefined;

/** Seeds that read as a story: people who are signed in, their teams, and keys they made through the services. */
export class Story {
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  async team(name: string, plan: "starter" | "growth" = "growth"): Promise<Team> {
    const id = await this.#createPerson(name);
    const team = await this.#server.services.teams.create(contextOf({ ...NOBODY_YET, userId: id.id }), {
      name,
      ownerId: id.id,
      plan,
    });
    return { id: team.id, owner: await this.#signIn(id) };
  }

  async member(team: Team, role: TeamRole): Promise<Person> {
    const person = await this.#createPerson(role);
    const context = await this.contextOf(team.owner);
    const { memberId } = await this.#server.services.teams.addMember(context, {
      teamId: team.id,
      userId: person.id,
      role,
    });
    return { ...(await this.#signIn(person)), memberId };
  }

  /** The same person in another session, with as much proven as in the one before. */
  async signInAgain(person: Person): Promise<Person> {
    await this.#server.sql(`UPDATE "user" SET two_factor_enabled = false WHERE id = $1`, [person.id]);
    const signedIn = await this.#signIn(person);
    await this.#server.sql(`UPDATE "user" SET two_factor_enabled = is_super_admin WHERE id = $1`, [person.id]);
    await this.#server.sql("UPDATE session SET second_factor_at = now() WHERE user_id = $1", [person.id]);
    return signedIn;
  }

  async personWithoutTeam(): Promise<Person> {
    return this.#signIn(await this.#createPerson("loner"));
  }

  async superAdmin(): Promise<Person> {
    const person = await this.#createPerson("super");
    await this.#server.services.accounts.makeSuperAdmin(person.id);
    const signedIn = await this.#signIn(person);
    // As after a second step, which super admins need in production.
    await this.#server.sql(`UPDATE "user" SET two_factor_enabled = true WHERE id = $1`, [person.id]);
    await this.#server.sql("UPDATE session SET second_factor_at = now() WHERE user_id = $1", [person.id]);
    return signedIn;
  }

  /** Selects a team whose rate limit no test reaches: without one, a session has the smallest plan's. */
  async hurry(person: Person): Promise<void> {
    const { id } = await this.team("In a hurry");
    await this.#server.sql("UPDATE subscription SET requests_per_minute = 1000000 WHERE team_id = $1", [id]);
    await this.#server.sql("UPDATE session SET active_team_id = $1 WHERE user_id = $2", [id, person.id]);
  }

  /** A key made by this person in their selected team, with its secret. */
  async key(person: Person, input: Partial<CreateApiKeyInput> = {}): Promise<{ id: string; secret: string }> {
    const context = await this.contextOf(person);
    return withSecret(await this.#server.services.apiKeys.create(context, { ...A_KEY, ...input }));
  }

  /** A key that was made so many days ago. */
  async keyOf(
    person: Person,
    daysAgo: number,
    input: Partial<CreateApiKeyInput> = {},
  ): Promise<{ id: string; secret: string }> {
    const past = new DemoClock();
    past.daysAgo = daysAgo;
    const services = this.#server.servicesAt(past.transactionTime);
    return withSecret(await services.apiKeys.create(await this.contextOf(person), { ...A_KEY, ...input }));
  }

  /** The person as the services meet them now. */
  async contextOf(person: Person): Promise<RequestContext> {
    const found = await this.#server.services.people.findForSession(person.id);
    const memberships = (found?.memberships ?? []).flatMap(({ id, teamId, role }) =>
      isTeamRole(role) ? [{ memberId: id, teamId, role }] : [],
    );
    const [session] = await this.#server.sql<{ id: string }>(
      "SELECT id FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1",
      [person.id],
    );
    return contextOf({
      kind: "session",
      sessionId: session?.id ?? "session_story",
      userId: person.id,
      isSuperAdmin: found?.isSuperAdmin ?? false,
      memberships,
      selectedTeamId: memberships[0]?.teamId ?? null,
    });
  }

  async #createPerson(name: string): Promise<{ id: string; email: string }> {
    counter += 1;
    const email = `${name.toLowerCase().replace(/\W+/g, "-")}-${counter}@acme.example`;
    const { accounts, auth } = this.#server.services;
    const { id } = await accounts.create({ email, name });
    const { internalAdapter, password } = await auth.$context;
    // Hashed once for all: a password's hash is made to be slow.
    passwordHash ??= password.hash(PASSWORD);
    const credential = { userId: id, accountId: id, providerId: "credential" };
    await internalAdapter.linkAccount({ ...credential, password: await passwordHash });
    return { id, email };
  }

  async #signIn({ id, email }: { id: string; email: string }): Promise<Person> {
    counter += 1;
    const response = await this.#server.fetch("/api/auth/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.#server.origin },
      body: JSON.stringify({ email, password: PASSWORD }),
      // Each from an address of its own: sign-ins are limited by address.
      ip: `10.0.${counter >> 8}.${counter & 255}`,
    });
    if (response.status !== 200)
      throw new Error(`The sign-in was answered ${response.status}: ${await response.text()}`);
    const cookie = response.headers
      .getSetCookie()
      // For the sign-in's path alone.
      .filter((line) => !line.includes("known_device"))
      .map((line) => line.split(";")[0])
      .join("; ");
    return { id, email, cookie, memberId: null };
  }
}

const NOBODY_YET: SessionActor = {
  kind: "session",
  sessionId: "session_story",
  userId: "",
  isSuperAdmin: false,
  memberships: [],
  selectedTeamId: null,
};

function withSecret({ apiKey, secret }: ApiKeyCreation): { id: string; secret: string } {
  if (secret === null) throw new Error("The story made this key before.");
  return { id: apiKey.id, secret };
}

function contextOf(actor: SessionActor): RequestContext {
  return { actor, requestId: "req_story", ip: "127.0.0.1", userAgent: null };
}
