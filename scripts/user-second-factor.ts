// `pnpm user:second-factor <e-mail> --remove`: takes the second factor from somebody who has lost their authenticator and
// their recovery codes. They sign in with what is left, and set up a new one. A server may be running meanwhile.
import { parseArgs } from "node:util";
import { emailAddress } from "../packages/types/src/inputs/people.ts";
import { CommandError, parseTyped, runCommand } from "../apps/server/src/commands/command.ts";
import { removeSecondFactor } from "../apps/server/src/commands/people.ts";
import { withServices } from "../apps/server/src/commands/with-services.ts";

const USAGE = "Usage: pnpm user:second-factor <e-mail> --remove";

function readEmail(): string {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { remove: { type: "boolean" } } });
    const [email, ...others] = positionals;
    if (email === undefined || others.length > 0 || values.remove !== true) throw new CommandError(USAGE);
    return parseTyped(emailAddress, email);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${(error as Error).message}\n${USAGE}`);
  }
}

await runCommand(process.env, async (config) => {
  const email = readEmail();
  const isRemoved = await withServices(config, (services) => removeSecondFactor(services, email));
  return isRemoved
    ? `${email} has no second factor any more, and is signed out everywhere.`
    : `${email} has no second factor.`;
});
