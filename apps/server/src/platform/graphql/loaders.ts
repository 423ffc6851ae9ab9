import DataLoader from "dataloader";
import type { UsageRange } from "@latchkey/types/usage-ranges";
import type { ApiKey } from "../../modules/api-keys/api-key.ts";
import type { KeyUsage } from "../../modules/api-keys/key-usage.ts";
import type { PermissionUse } from "../../modules/api-keys/permission-use.ts";
import type { BackofficeTeam } from "../../modules/backoffice/backoffice-team.ts";
import type { Services } from "../../services.ts";
import type { RequestContext } from "../request-context.ts";

export type Loaders = ReturnType<typeof createLoaders>;

interface KeyInRange {
  readonly key: ApiKey;
  readonly range: UsageRange;
}

/** One statement for all that a request asks of one kind, however many rows it has. Made anew for every request. */
export function createLoaders(services: Services, context: RequestContext) {
  return {
    backofficeTeams: new DataLoader<string, BackofficeTeam | null>(async (ids) => {
      const teams = new Map((await services.backoffice.describeTeams(context, ids)).map((team) => [team.id, team]));
      return ids.map((id) => teams.get(id) ?? null);
    }),
    keyUsage: new DataLoader<KeyInRange, KeyUsage, string>(
      async (asked) => {
        const ranges = Map.groupBy(asked, ({ range }) => range);
        const described = new Map(
          await Promise.all(
            [...ranges].map(async ([range, ofRange]) => {
              const keys = ofRange.map(({ key }) => key);
              return [range, await services.keyUsage.describe(keys, range)] as const;
            }),
          ),
        );
        return asked.map(
          ({ key, range }) => described.get(range)?.get(key.id) ?? new Error("A key without its usage."),
        );
      },
      { cacheKeyFn: ({ key, range }) => `${range} ${key.id}` },
    ),
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
