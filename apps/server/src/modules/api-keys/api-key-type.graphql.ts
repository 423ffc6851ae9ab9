import type { ApiKeyStatus, BlockedReason } from "@latchkey/types/api-key-status";
import { builder, type GraphQLContext } from "../../platform/graphql/builder.ts";
import { PersonType } from "../people/people.graphql.ts";
import type { ApiKey } from "./api-key.ts";

export const ApiKeyStatusEnum = builder.enumType("ApiKeyStatus", {
  description: "What has become of a key. Whether an ACTIVE one works now, its blockedReason says.",
  values: {
    ACTIVE: { description: "Neither revoked nor expired." },
    EXPIRED: { description: "Past its expiry." },
    REVOKED: { description: "Revoked, for good." },
  } satisfies Record<ApiKeyStatus, { description: string }>,
});

const BlockedReasonEnum = builder.enumType("BlockedReason", {
  description: "Why an ACTIVE key would be refused now.",
  values: {
    OWNER_REMOVED: { description: "The membership it was made under has ended." },
    OWNER_BANNED: { description: "The person who made it is banned." },
    SUBSCRIPTION_INACTIVE: { description: "The team's subscription does not cover keys." },
    NO_PERMISSION_LEFT: { description: "Its creator's role holds none of its permissions any more." },
  } satisfies Record<BlockedReason, { description: string }>,
});

export const ApiKeyType = builder.objectRef<ApiKey>("ApiKey");
ApiKeyType.implement({
  description:
    "A key of a team. It acts as its creator, with what is left of its permissions; its secret was shown once.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id, key_…" }),
    name: t.exposeString("name", { description: "What it is for." }),
    prefix: t.exposeString("prefix", { description: "How the secret begins, for recognition." }),
    status: t.expose("status", { type: ApiKeyStatusEnum, description: "What has become of it." }),
    blockedReason: t.expose("blockedReason", {
      type: BlockedReasonEnum,
      nullable: true,
      description: "Why it would be refused now although it is ACTIVE.",
    }),
    permissions: t.stringList({ description: "Chosen at creation.", resolve: ({ permissions }) => [...permissions] }),
    effectivePermissions: t.stringList({
      description: "What it may do now: the chosen ones that its creator's role still holds.",
      resolve: ({ effectivePermissions }) => [...effectivePermissions],
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    createdBy: t.expose("createdBy", { type: PersonType, description: "Who made it; it acts as them." }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: true,
      description: "From when on it is refused; null: never.",
    }),
    expiresSoon: t.exposeBoolean("expiresSoon", { description: "ACTIVE and within 14 days of its expiry." }),
    lastUsed: t.expose("lastUsed", {
      type: "DateTime",
      nullable: true,
      description: "Its last accepted call, at most 10 s late; null: never.",
    }),
    lastUsedIp: t.exposeString("lastUsedIp", { nullable: true, description: "The address of that call." }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true, description: "When it was revoked." }),
    revokedBy: t.expose("revokedBy", { type: PersonType, nullable: true, description: "Who revoked it." }),
    refusedSinceRevocation: t.exposeInt("refusedSinceRevocation", {
      description: "Calls refused since it was revoked or expired.",
    }),
    replaces: t.field({
      type: ApiKeyType,
      nullable: true,
      description: "The key it replaces; null when there is none, or the viewer may not see it.",
      resolve: ({ replacesId }, _args, context) => loadLinked(context, replacesId),
    }),
    replacedBy: t.field({
      type: ApiKeyType,
      nullable: true,
      description: "Its replacement that is not revoked; null when there is none, or the viewer may not see it.",
      resolve: ({ replacedById }, _args, context) => loadLinked(context, replacedById),
    }),
    viewerMayRename: t.boolean({
      description: "Whether the viewer may give it another name.",
      resolve: viewerMayChange,
    }),
    viewerMayRevoke: t.boolean({ description: "Whether the viewer may revoke it.", resolve: viewerMayChange }),
  }),
});

function loadLinked({ loaders }: GraphQLContext, id: string | null): Promise<ApiKey | null> | null {
  return id === null ? null : loaders.visibleKeys.load(id);
}

function viewerMayChange(key: ApiKey, _args: object, { services, requestContext }: GraphQLContext): boolean {
  return services.apiKeys.mayChange(requestContext, key);
}
