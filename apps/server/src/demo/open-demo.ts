import { randomBytes } from "node:crypto";
import type { Config } from "../config.ts";
import type { Services } from "../services.ts";
import { isLoopback } from "../settings/origins.ts";
import { DemoClock } from "./demo-clock.ts";
import type { UsageSource } from "../modules/billing/usage-source.ts";
import { createDemoUsageSource } from "./demo-usage.ts";
import { asPerson, isDemoTold, seedDemo, type RecordCalls } from "./seed-demo.ts";
import { DEMO_PASSWORD, DEMO_TEAMS, PRINTED_KEY_NAME, PRINTED_KEY_OWNER, SUPER_ADMIN } from "./story.ts";
import type { TransactionTime } from "../platform/database/transaction-time.ts";

export interface OpenDemo {
  /** Who can sign in. A password is told where it is the well-known one, or was made by this very start. */
  readonly signIns: readonly { readonly email: string; readonly password: string | null }[];
  /** The secret of the key that this start made. It goes to the terminal and nowhere else. */
  readonly secret: string;
  /** The demo plays the product around Latchkey for its own teams, and for no other. */
  readonly usageSource: UsageSource;
}

interface Dependencies {
  readonly config: Config;
  readonly services: Services;
  /** The same services with another clock. */
  readonly servicesAt: (transactionTime: TransactionTime) => Services;
  readonly now: Date;
  readonly recordCalls: RecordCalls;
}

/** Seeds the demo where it belongs and is not yet, and makes this start's key. Null: this server shows no demo. */
export async function openDemo(dependencies: Dependencies): Promise<OpenDemo | null> {
  const { config, services, servicesAt, now, recordCalls } = dependencies;
  if (!isDemoWanted(config)) return null;
  const isEmpty = await services.people.isFirstPersonMissing();
  const isBegun = (await services.accounts.findByEmail(PRINTED_KEY_OWNER)) !== null;
  if (!isEmpty && !isBegun) return null;

  const passwords = new Map<string, string>();
  if (!(await isDemoTold(services))) {
    const passwordFor = (email: string) => {
      const password = isReachableByOthers(config) ? randomBytes(12).toString("base64url") : DEMO_PASSWORD;
      passwords.set(email, password);
      return password;
    };
    const clock = new DemoClock();
    await seedDemo({ services: servicesAt(clock.transactionTime), clock, now, passwordFor, recordCalls });
  }
  const known = isReachableByOthers(config) ? null : DEMO_PASSWORD;
  const people = [...DEMO_TEAMS.flatMap(({ members }) => members), SUPER_ADMIN];
  return {
    signIns: people.map(({ email }) => ({ email, password: passwords.get(email) ?? known })),
    secret: await replacePrintedKey(services),
    usageSource: await createDemoUsageSource(services),
  };
}

/** Never into an external database, and never where others can reach it, unless it was asked for. */
function isDemoWanted(config: Config): boolean {
  if (config.demo !== "auto") return config.demo === "on";
  return config.databaseUrl === null && !isReachableByOthers(config);
}

function isReachableByOthers(config: Config): boolean {
  return !isLoopback(config.host) || !isLoopback(new URL(config.publicUrl).hostname);
}

/** The key that the start before printed stops, and a new one takes its place. */
async function replacePrintedKey(services: Services): Promise<string> {
  const owner = await services.accounts.findByEmail(PRINTED_KEY_OWNER);
  if (owner === null) throw new Error("The demo has no owner.");
  const context = await asPerson(services, owner.id);
  const { keys } = await services.apiKeys.list(context, { filter: { status: ["ACTIVE"], search: PRINTED_KEY_NAME } });
  for (const { key } of keys) {
    if (key.name === PRINTED_KEY_NAME) await services.apiKeys.revoke(context, { id: key.id });
  }
  const { secret } = await services.apiKeys.create(context, {
    name: PRINTED_KEY_NAME,
    permissions: ["analytics:read", "campaigns:read", "reports:read", "billing:read"],
  });
  if (secret === null) throw new Error("A key that was just made has its secret.");
  return secret;
}
