import { builder } from "../../platform/graphql/builder.ts";
import { ApiKeyType } from "./api-key-type.graphql.ts";
import type { PermissionGap, PermissionUse } from "./permission-use.ts";

const PermissionGapEnum = builder.enumType("PermissionGap", {
  description: "Why a key may not use a permission now.",
  values: {
    NOT_CHOSEN: { description: "It was not chosen at creation." },
    OWNER_REMOVED: { description: "The membership the key was made under has ended." },
    ROLE_LACKS_IT: { description: "Its creator's role does not hold it any more." },
    NOT_FOR_KEYS: { description: "It is for people, or no permission any more." },
  } satisfies Record<PermissionGap, { description: string }>,
});

const PermissionUseType = builder.objectRef<PermissionUse>("PermissionUse").implement({
  description: "What has become of one permission of a key.",
  authScopes: { session: true },
  fields: (t) => ({
    permission: t.exposeString("permission", { description: "Its name, domain:action." }),
    chosen: t.exposeBoolean("chosen", { description: "Whether it was chosen at the key's creation." }),
    effective: t.exposeBoolean("effective", { description: "Whether the key may use it now." }),
    reason: t.expose("reason", {
      type: PermissionGapEnum,
      nullable: true,
      description: "Why the key may not use it now; null exactly when it may.",
    }),
    lastUsed: t.expose("lastUsed", {
      type: "DateTime",
      nullable: true,
      description: "The last call that needed it and was let through, about 10 s late; null: never.",
    }),
  }),
});

builder.objectField(ApiKeyType, "permissionUse", (t) =>
  t.field({
    type: [PermissionUseType],
    description:
      "Each permission that keys may hold, in the order of the catalogue: chosen or not, effective or why not, and when a call last made use of it.",
    resolve: (key, _args, { loaders }) => loaders.permissionUse.load(key),
  }),
);
