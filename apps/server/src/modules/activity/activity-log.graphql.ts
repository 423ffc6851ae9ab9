import { CALL_CREDENTIALS, STATUS_CLASSES, type CallCredential, type StatusClass } from "@latchkey/types/activity";
import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { builder } from "../../platform/graphql/builder.ts";
import { toConnection } from "../../platform/graphql/connection.ts";
import { PersonType } from "../people/people.graphql.ts";
import type { ActivityPage } from "./activity-log.service.ts";
import type { CallKey, RecordedCall } from "./recorded-call.ts";

const CREDENTIALS: Readonly<Record<CallCredential, string>> = {
  API_KEY: "A key, at /api/v1.",
  SESSION: "Somebody's session, at /graphql or /api/v1.",
};

const CallCredentialEnum = builder.enumType("CallCredential", {
  description: "With what a call came.",
  values: Object.fromEntries(CALL_CREDENTIALS.map((name) => [name, { description: CREDENTIALS[name] }])) as Record<
    CallCredential,
    { description: string }
  >,
});

const CLASSES: Readonly<Record<StatusClass, string>> = {
  "2xx": "Answered.",
  "4xx": "Refused.",
  "5xx": "Failed.",
};

const StatusClassEnum = builder.enumType("StatusClass", {
  description: "How a call was answered, by the first digit of its HTTP status.",
  values: Object.fromEntries(
    STATUS_CLASSES.map((name) => [`STATUS_${name.toUpperCase()}`, { value: name, description: CLASSES[name] }]),
  ) as Record<string, { value: StatusClass; description: string }>,
});

const CallKeyType = builder.objectRef<CallKey>("CallKey").implement({
  description: "The key of a call, under the name it has today.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id, key_…" }),
    name: t.exposeString("name", { description: "What people call it." }),
    prefix: t.exposeString("prefix", { description: "How its secret begins, for recognition." }),
  }),
});

export const CallType = builder.objectRef<RecordedCall>("Call").implement({
  description: "A call of a key or a session, as it was answered.",
  authScopes: { session: true },
  fields: (t) => ({
    requestId: t.exposeID("requestId", { description: "The request's id, as its answer had it." }),
    at: t.expose("at", { type: "DateTime", description: "When it was answered, by the clock of the database." }),
    apiKey: t.expose("apiKey", {
      type: CallKeyType,
      nullable: true,
      description: "With which key; null for a session.",
    }),
    actor: t.expose("actor", {
      type: PersonType,
      nullable: true,
      description: "Who called; of a key, who made it.",
    }),
    method: t.exposeString("method", {
      description: "The method of HTTP; CALL for a check by code beside the server.",
    }),
    operation: t.exposeString("operation", {
      description: "The template of a REST route, or the name or the root fields of a GraphQL operation.",
    }),
    status: t.exposeInt("status", { description: "The HTTP status of the answer." }),
    code: t.exposeString("code", { nullable: true, description: "Why it was refused; null: it was not." }),
    requiredPermission: t.exposeString("requiredPermission", {
      nullable: true,
      description: "Of permission_missing: which one.",
    }),
    durationMilliseconds: t.exposeFloat("durationMilliseconds", { description: "How long the answer took." }),
    ip: t.exposeString("ip", { description: "The client's address." }),
    calls: t.exposeInt("calls", {
      description: "More than one: that many were refused by the rate limit in this second, and this was the first.",
    }),
  }),
});

const ActivityFilterInput = builder.inputType("ActivityFilter", {
  description: "Which calls to list; conditions that are left out do not count.",
  fields: (t) => ({
    keyId: t.id({ description: "Of this key." }),
    actorId: t.id({ description: "Of this person's sessions, and of the keys they made." }),
    credential: t.field({ type: CallCredentialEnum, description: "Of keys only, or of sessions only." }),
    operation: t.string({ description: "The template of a route or the name of an operation, whole." }),
    statusClasses: t.field({ type: [StatusClassEnum], description: "Any of these." }),
    codes: t.stringList({ description: "Refused with any of these codes." }),
    from: t.field({ type: "DateTime", description: "From this instant on." }),
    to: t.field({ type: "DateTime", description: "Before this instant." }),
    search: t.string({
      description:
        "Part of the name of an operation or a key; or the prefix of a key, an address or a request's id, whole.",
    }),
  }),
});

const ActivityConnectionType = builder.connectionObject(
  {
    type: CallType,
    name: "ActivityConnection",
    description: "A page of a team's calls.",
    authScopes: { session: true },
    fields: (t) => ({
      searchedUntil: t.field({
        type: "DateTime",
        nullable: true,
        description:
          "The page is short, or empty, because few calls match and the search has come back only to here: go on after endCursor. Null: it went as far as the page.",
        resolve: (connection) => pageOf(connection).searchedUntil,
      }),
    }),
  },
  { name: "ActivityEdge", description: "A call in a list, with its place.", authScopes: { session: true } },
);

/** What the resolver of the list puts beside the rows. */
const pageOf = (connection: object) => connection as Pick<ActivityPage, "searchedUntil">;

builder.queryField("activity", (t) =>
  t.field({
    type: ActivityConnectionType,
    nullable: true,
    authScopes: { session: true },
    description: "What the keys and sessions of a team did, call by call, newest first. Needs audit_log:read.",
    args: {
      teamId: t.arg.id({ description: "Of which team; the selected one unless told." }),
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: "How many, 1 to 100." }),
      after: t.arg.string({ description: "The endCursor of the page before, under the same filter." }),
      filter: t.arg({ type: ActivityFilterInput, description: "Which ones." }),
    },
    resolve: async (_root, args, { services, requestContext }) => {
      const { calls, nextCursor, searchedUntil } = await services.activityLog.list(requestContext, { ...args });
      const edges = calls.map(({ call, cursor }) => ({ node: call, cursor }));
      const { pageInfo } = toConnection(edges, nextCursor !== null, args.after);
      // A search that has to go on does so behind what it looked at, not behind what it found.
      return { edges, pageInfo: { ...pageInfo, endCursor: nextCursor ?? pageInfo.endCursor }, searchedUntil };
    },
  }),
);
