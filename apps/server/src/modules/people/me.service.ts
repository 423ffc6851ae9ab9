import { roleIn, type KeyActor } from "@latchkey/types/actor";
import type { Role } from "@latchkey/types/roles";
import { unauthenticated } from "../../platform/domain-error.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { TeamsService } from "../teams/teams.service.ts";
import type { PeopleService } from "./people.service.ts";

export interface Me {
  readonly user: { readonly id: string; readonly name: string };
  readonly team: { readonly id: string; readonly name: string; readonly slug: string } | null;
  readonly role: Role | null;
  readonly key: {
    readonly id: string;
    readonly name: string;
    readonly prefix: string;
    readonly effectivePermissions: string[];
    readonly expiresAt: Date | null;
  } | null;
}

interface Dependencies {
  readonly people: PeopleService;
  readonly teams: TeamsService;
}

export function createMeService({ people, teams }: Dependencies) {
  return {
    /** Whom the credential of this request acts as. */
    async describe(context: RequestContext): Promise<Me> {
      const { actor } = context;
      if (actor.kind === "nobody") throw unauthenticated();
      if (actor.kind === "key") return describeKey(actor);
      const teamId = actor.selectedTeamId;
      const [person, team] = await Promise.all([
        people.find(actor.userId),
        teamId === null ? null : teams.findVisible(context, teamId),
      ]);
      if (person === null) throw unauthenticated();
      return {
        user: { id: person.id, name: person.name },
        team: team === null ? null : { id: team.id, name: team.name, slug: team.slug },
        role: teamId === null ? null : roleIn(actor, teamId),
        key: null,
      };
    },
  };
}

/** All of it was read when the key was verified. */
function describeKey({ key, userId, userName, teamId, teamName, teamSlug, role, permissions }: KeyActor): Me {
  return {
    user: { id: userId, name: userName },
    team: { id: teamId, name: teamName, slug: teamSlug },
    role,
    key: { ...key, effectivePermissions: [...permissions] },
  };
}
