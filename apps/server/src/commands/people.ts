import type { NewPersonInput } from "@latchkey/types/inputs/people";
import type { Config } from "../config.ts";
import { actAs, operator } from "../identity/act-as.ts";
import { createId } from "../platform/id.ts";
import type { Services } from "../services.ts";
import { CommandError } from "./command.ts";

interface Created {
  readonly link: string;
  readonly team: { readonly name: string; readonly slug: string } | null;
}

/**
 * Makes a person, the team they own, and a link for their password. Each step is kept as soon as it is done, and in an
 * order in which a repetition after a failure goes on where it ended.
 */
export async function createPerson(
  services: Services,
  { defaultPlan }: Config,
  input: NewPersonInput,
  now: Date,
): Promise<Created> {
  const { team: teamName, isSuperAdmin } = input;
  const userId = await ensurePerson(services, input);
  if (isSuperAdmin) await services.accounts.makeSuperAdmin(userId);
  const context = await actAs(services.people, userId, { name: "pnpm user:create", requestId: createId("req") });
  const team =
    teamName == null
      ? null
      : await services.teams.create(context, { name: teamName, ownerId: userId, plan: defaultPlan });
  return { link: await services.accounts.createPasswordLink(userId, now), team };
}

async function ensurePerson(
  { accounts, people }: Services,
  { email, name, team, isSuperAdmin }: NewPersonInput,
): Promise<string> {
  const existing = await accounts.findByEmail(email);
  if (existing === null) return (await accounts.create({ email, name })).id;

  const person = await people.findForSession(existing.id);
  // Somebody who never had a password and is in no team was begun by a command that then failed.
  const isBegun = person !== null && person.memberships.length === 0 && !(await accounts.hasPassword(existing.id));
  const isSomethingMissing = team != null || (isSuperAdmin && person?.isSuperAdmin === false);
  if (isBegun && isSomethingMissing) return existing.id;
  throw new CommandError(
    `There is already a person with the e-mail address ${email}. Run \`pnpm user:link ${email}\` for a new link.`,
  );
}

/** Whether that was a change. Keys they made outside their memberships stop with the role, and come back with it. */
export async function setSuperAdmin(
  { accounts, bans }: Services,
  email: string,
  isSuperAdmin: boolean,
): Promise<boolean> {
  const person = await accounts.findByEmail(email);
  if (person === null) throw missing(email);
  return bans.setSuperAdmin(operator("pnpm user:super-admin"), person.id, isSuperAdmin);
}

/** A new link for somebody who exists. The ones before stay valid until one is used or their hour is over. */
export async function createLink({ accounts }: Services, email: string, now: Date): Promise<string> {
  const person = await accounts.findByEmail(email);
  if (person !== null) return accounts.createPasswordLink(person.id, now);
  throw missing(email);
}

/** For somebody who has lost their authenticator and their recovery codes; whether they had a second factor. */
export async function removeSecondFactor({ account, accounts }: Services, email: string): Promise<boolean> {
  const person = await accounts.findByEmail(email);
  if (person === null) throw missing(email);
  return account.removeSecondFactor(operator("pnpm user:second-factor"), person.id);
}

function missing(email: string): CommandError {
  return new CommandError(
    `There is no person with the e-mail address ${email}. Run \`pnpm user:create ${email}\` to make them.`,
  );
}
