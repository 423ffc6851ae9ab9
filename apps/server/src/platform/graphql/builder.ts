import SchemaBuilder from "@pothos/core";
import ErrorsPlugin from "@pothos/plugin-errors";
import PrismaPlugin from "@pothos/plugin-prisma";
import RelayPlugin from "@pothos/plugin-relay";
import ScopeAuthPlugin from "@pothos/plugin-scope-auth";
import { getDatamodel } from "../../generated/pothos-types.ts";
import type PrismaTypes from "../../generated/pothos-types.ts";
import type { Services } from "../../services.ts";
import type { CallNotes } from "../call-notes.ts";
import { unauthenticated } from "../domain-error.ts";
import type { RequestContext } from "../request-context.ts";
import type { Loaders } from "./loaders.ts";

/** What every resolver gets: who asks, and the services. */
export interface GraphQLContext {
  readonly requestContext: RequestContext;
  readonly services: Services;
  readonly loaders: Loaders;
  /** What the record of this call says of it. */
  readonly notes: CallNotes;
}

interface SchemaTypes {
  Context: GraphQLContext;
  PrismaTypes: PrismaTypes;
  /** Who may reach a type or field at all: every one declares it, and a test walks the schema. Services decide the rest. */
  AuthScopes: { public: boolean; session: boolean };
  DefaultFieldNullability: false;
  Scalars: { DateTime: { Input: Date; Output: Date }; ID: { Input: string; Output: string } };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  prisma: { client: ({ services }) => services.database, dmmf: getDatamodel(), onUnusedQuery: "error" },
  relay: {
    cursorType: "String",
    nodesOnConnection: { description: "The rows of this page." },
    edgesFieldOptions: { description: "The rows of this page, each with its place." },
    cursorFieldOptions: { description: "The row's place: the next page begins after it." },
    nodeFieldOptions: { description: "The row." },
    pageInfoFieldOptions: { description: "Where this page begins and ends." },
    pageInfoTypeOptions: {
      description: "Where a page begins and ends, and what is beyond.",
      authScopes: { session: true },
    },
    hasNextPageFieldOptions: { description: "Whether more rows follow." },
    hasPreviousPageFieldOptions: { description: "Whether this page was asked for after another." },
    startCursorFieldOptions: { description: "The place of the first row; null on an empty page." },
    endCursorFieldOptions: { description: "The place of the last row, for `after`; null on an empty page." },
  },
  scopeAuth: {
    authScopes: ({ requestContext }) => ({ public: true, session: requestContext.actor.kind === "session" }),
    unauthorizedError: () => unauthenticated(),
  },
  errors: { directResult: true, defaultTypes: [] },
});

builder.queryType({ description: "Everything that can be read." });
builder.mutationType({ description: "Everything that can be changed; at most one field in a request." });
