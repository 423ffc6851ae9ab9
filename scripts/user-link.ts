// `pnpm user:link <e-mail>`: prints a one-time link to set a password, for a person who exists.
import { emailAddress } from "../packages/types/src/inputs/people.ts";
import { CommandError, parseTyped, runCommand } from "../apps/server/src/commands/command.ts";
import { createLink } from "../apps/server/src/commands/people.ts";
import { withServices } from "../apps/server/src/commands/with-services.ts";

await runCommand(process.env, async (config) => {
  const [typed, ...others] = process.argv.slice(2);
  if (typed === undefined || others.length > 0) throw new CommandError("Usage: pnpm user:link <e-mail>");
  const email = parseTyped(emailAddress, typed);
  const link = await withServices(config, (services) => createLink(services, email, new Date()));
  return `This link sets the password of ${email}, once, within an hour:\n\n  ${link}\n`;
});
