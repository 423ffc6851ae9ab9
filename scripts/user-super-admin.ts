// `pnpm user:super-admin <e-mail> [--remove]`: gives somebody who exists the role that administers the platform, or takes it
// away. A server may be running meanwhile, and goes by it from the next request on.
import { parseArgs } from "node:util";
import { emailAddress } from "../packages/types/src/inputs/people.ts";
import { CommandError, parseTyped, runCommand } from "../apps/server/src/commands/command.ts";
import { setSuperAdmin } from "../apps/server/src/commands/people.ts";
import { withServices } from "../apps/server/src/commands/with-services.ts";

const USAGE = "Usage: pnpm user:super-admin <e-mail> [--remove]";

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { remove: { type: "boolean" } } });
    const [email, ...others] = positionals;
    if (email === undefined || others.length > 0) throw new CommandError(USAGE);
    return { email: parseTyped(emailAddress, email), isSuperAdmin: values.remove !== true };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${(error as Error).message}\n${USAGE}`);
  }
}

await runCommand(process.env, async (config) => {
  const { email, isSuperAdmin } = readArguments();
  const isChanged = await withServices(config, (services) => setSuperAdmin(services, email, isSuperAdmin));
  const state = isSuperAdmin ? "a super admin" : "no super admin";
  return isChanged ? `${email} is ${state} from now on.` : `${email} was ${state} already.`;
});
