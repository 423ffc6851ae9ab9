// `pnpm user:create <e-mail> [--team <name>] [--super-admin] [--name <name>]`: makes a person, and a team they own, and
// prints a one-time link to set a password. A server may be running meanwhile, or not.
import { parseArgs } from "node:util";
import { newPersonInput } from "../packages/types/src/inputs/people.ts";
import { CommandError, parseTyped, runCommand } from "../apps/server/src/commands/command.ts";
import { createPerson } from "../apps/server/src/commands/people.ts";
import { withServices } from "../apps/server/src/commands/with-services.ts";

const USAGE = "Usage: pnpm user:create <e-mail> [--team <name>] [--super-admin] [--name <name>]";

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { team: { type: "string" }, "super-admin": { type: "boolean" }, name: { type: "string" } },
    });
    const [email, ...others] = positionals;
    if (email === undefined || others.length > 0) throw new CommandError(USAGE);
    return parseTyped(newPersonInput, {
      email,
      // Whoever has no name yet is called by the first part of the address.
      name: values.name ?? email.replace(/@.*/s, ""),
      team: values.team,
      isSuperAdmin: values["super-admin"] ?? false,
    });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${(error as Error).message}\n${USAGE}`);
  }
}

await runCommand(process.env, async (config) => {
  const person = readArguments();
  const { link, team } = await withServices(config, (services) => createPerson(services, config, person, new Date()));
  const owned = team === null ? "" : ` They own the team ${JSON.stringify(team.name)}.`;
  return `${person.email} was made.${owned} This link sets their password, once, within an hour:\n\n  ${link}\n`;
});
