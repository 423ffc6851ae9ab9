import { DEFAULT_PAGE_SIZE, type ApiKeyOrderField, type OrderDirection } from "@latchkey/types/inputs/api-key-list";
import { builder } from "../../platform/graphql/builder.ts";
import { toConnection } from "../../platform/graphql/connection.ts";
import { NotFoundError } from "../../platform/domain-error.ts";
import { ApiKeyStatusEnum, ApiKeyType } from "./api-key-type.graphql.ts";
import type { ApiKeyPage } from "./api-keys.service.ts";
import type { ApiKey, KeyCounts } from "./api-key.ts";

const ApiKeyFilterInput = builder.inputType("ApiKeyFilter", {
  description: "Which keys to list; conditions that are left out do not count.",
  fields: (t) => ({
    status: t.field({ type: [ApiKeyStatusEnum], description: "Any of these." }),
    search: t.string({ description: "Part of the name, whatever its case, or the beginning of the prefix." }),
    permission: t.string({ description: "Keys that were given this permission." }),
    createdById: t.id({ description: "Keys this person made." }),
    expiresSoon: t.boolean({ description: "ACTIVE and within 14 days of expiry, or not." }),
    unusedForDays: t.int({ description: "No call for this many days; younger keys do not match." }),
    neverUsed: t.boolean({ description: "Without any call, or with one." }),
  }),
});

const ApiKeyOrderFieldEnum = builder.enumType("ApiKeyOrderField", {
  description: "What a list of keys can be sorted by. Keys without a value come last.",
  values: {
    CREATED_AT: { description: "When it was made." },
    NAME: { description: "Its name, whatever the case." },
    EXPIRES_AT: { description: "When it expires." },
    LAST_USED: { description: "Its last accepted call." },
  } satisfies Record<ApiKeyOrderField, { description: string }>,
});

const OrderDirectionEnum = builder.enumType("OrderDirection", {
  description: "Which way to sort.",
  values: {
    ASC: { description: "Smallest or oldest first." },
    DESC: { description: "Largest or newest first." },
  } satisfies Record<OrderDirection, { description: string }>,
});

const ApiKeyOrderInput = builder.inputType("ApiKeyOrderBy", {
  description: "How to sort keys.",
  fields: (t) => ({
    field: t.field({ type: ApiKeyOrderFieldEnum, required: true, description: "By what." }),
    direction: t.field({ type: OrderDirectionEnum, required: true, description: "Which way." }),
  }),
});

const ApiKeyCountsType = builder.objectRef<KeyCounts>("ApiKeyCounts").implement({
  description: "How many keys of the team the viewer sees, by status, whatever the filter says.",
  authScopes: { session: true },
  fields: (t) => ({
    active: t.exposeInt("active", { description: "Neither revoked nor expired." }),
    expired: t.exposeInt("expired", { description: "Past their expiry." }),
    revoked: t.exposeInt("revoked", { description: "Revoked." }),
  }),
});

const ApiKeyConnectionType = builder.connectionObject(
  {
    type: ApiKeyType,
    name: "ApiKeyConnection",
    description: "A page of a list of keys.",
    authScopes: { session: true },
    fields: (t) => ({
      totalCount: t.int({
        description: "How many keys match the filter, on all pages.",
        resolve: (connection) => pageOf(connection).total(),
      }),
      counts: t.field({
        type: ApiKeyCountsType,
        description: "How many there are of each status.",
        resolve: (connection) => pageOf(connection).counts(),
      }),
    }),
  },
  { name: "ApiKeyEdge", description: "A key in a list, with its place.", authScopes: { session: true } },
);

/** Its cursor is made only when it is asked for. */
class ListedEdge {
  readonly node: ApiKey;
  readonly #listed: ApiKeyPage["keys"][number];

  constructor(listed: ApiKeyPage["keys"][number]) {
    this.node = listed.key;
    this.#listed = listed;
  }

  get cursor(): string {
    return this.#listed.cursor;
  }
}

/** What the resolver of the list puts beside the rows. */
const pageOf = (connection: object) => connection as Pick<ApiKeyPage, "total" | "counts">;

builder.queryFields((t) => ({
  apiKeys: t.field({
    type: ApiKeyConnectionType,
    authScopes: { session: true },
    description: "Keys of a team: all with api_keys:read, otherwise those the viewer made. Newest first unless told.",
    args: {
      teamId: t.arg.id({ description: "In which team; the selected one unless told." }),
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: "How many, 1 to 100." }),
      after: t.arg.string({ description: "The endCursor of the page before, under the same filter and order." }),
      filter: t.arg({ type: ApiKeyFilterInput, description: "Which ones." }),
      orderBy: t.arg({ type: ApiKeyOrderInput, description: "In which order." }),
    },
    resolve: async (_root, args, { services, requestContext }) => {
      const page = await services.apiKeys.list(requestContext, { ...args });
      const edges = page.keys.map((listed) => new ListedEdge(listed));
      return { ...toConnection(edges, page.hasMore, args.after), total: page.total, counts: page.counts };
    },
  }),
  apiKey: t.field({
    type: ApiKeyType,
    nullable: true,
    authScopes: { session: true },
    description: "One key; null when there is none with this id, or the viewer may not see it.",
    args: {
      id: t.arg.id({ required: true, description: "The key's id." }),
      teamId: t.arg.id({ description: "Only if it is of this team; of any the viewer is in unless told." }),
    },
    resolve: async (_root, { id, teamId }, { services, requestContext }) => {
      try {
        return await services.apiKeys.get(requestContext, id, teamId);
      } catch (error) {
        if (error instanceof NotFoundError) return null;
        throw error;
      }
    },
  }),
}));
