import DataLoader from "dataloader";
import type { ApiKey } from "../../modules/api-keys/api-key.ts";
import type { PermissionUse } from "../../modules/api-keys/permission-use.ts";
import type { BackofficeTeam } from "../../modules/backoffice/backoffice-team.ts";
import type { Services } from "../../services.ts";
import type { RequestContext } from "../request-context.ts";

export type Loaders = ReturnType<typeof createLoaders>;

/** One statement for all that a request asks of one kind, however many rows it has. Made anew for every request. */
export function createLoaders(services: Services, context: RequestContext) {
  return {
    backofficeTeams: new DataLoader<string, BackofficeTeam | null>(async (ids) => {
      const teams = new Map((await services.backoffice.describeTeams(context, ids)).map((team) => [team.id, team]));
      return ids.map((id) => teams.get(id) ?? null);
    }),
    permissionUse: new DataLoader<ApiKey, PermissionUse[], string>(
      async (keys) => {
        const uses = await services.permissionUse.describe(keys);
        return keys.map(({ id }) => uses.get(id) ?? []);
      },
      { cacheKeyFn: ({ id }) => id },
    ),
    visibleKeys: new DataLoader<string, ApiKey | null>(async (ids) => {
      const keys = new Map((await services.apiKeys.findVisible(context, ids)).map((key) => [key.id, key]));
      return ids.map((id) => keys.get(id) ?? null);
    }),
  };
}
