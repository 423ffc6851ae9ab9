import type { ProductUsage, UsageSource } from "../modules/billing/usage-source.ts";
import type { Services } from "../services.ts";
import { DEMO_TEAMS } from "./story.ts";

/** What the story says of its teams, the same at every start. Called once the demo is told: the slugs are its own. */
export async function createDemoUsageSource({ teams }: Services): Promise<UsageSource> {
  const told = new Map<string, ProductUsage>();
  for (const { slug, usage } of DEMO_TEAMS) {
    const team = await teams.findBySlug(slug);
    if (team !== null) told.set(team.id, usage);
  }
  return async (teamId) => told.get(teamId) ?? null;
}
