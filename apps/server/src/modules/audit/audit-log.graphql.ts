import { AUDIT_TARGETS, type AuditTargetKind } from "@latchkey/types/audit-events";
import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { builder } from "../../platform/graphql/builder.ts";
import { toConnection } from "../../platform/graphql/connection.ts";
import { PersonType } from "../people/people.graphql.ts";
import { auditedText, type AuditChange, type AuditEvent, type NamedTarget } from "./audit-event.ts";

const TARGETS: Readonly<Record<AuditTargetKind, string>> = {
  API_KEY: "A key.",
  MEMBER: "Somebody's membership in the team.",
  INVITATION: "An invitation.",
  TEAM: "The team itself.",
  USER: "A person.",
  SESSION: "Somebody's session.",
};

const AuditTargetKindEnum = builder.enumType("AuditTargetKind", {
  description: "What kind of thing an event is about.",
  values: Object.fromEntries(AUDIT_TARGETS.map((kind) => [kind, { description: TARGETS[kind] }])) as Record<
    AuditTargetKind,
    { description: string }
  >,
});

const AuditTargetType = builder.objectRef<NamedTarget>("AuditTarget").implement({
  description: "What an event is about, also when it is no more.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Its id." }),
    kind: t.expose("kind", { type: AuditTargetKindEnum, nullable: true, description: "What it is." }),
    label: t.exposeString("label", {
      nullable: true,
      description: "The name it has today: of a key, a team or the person it is about, or the invited address.",
    }),
  }),
});

const AuditChangeType = builder.objectRef<AuditChange>("AuditChange").implement({
  description: "A field before and after a change. Lists are joined by commas.",
  authScopes: { session: true },
  fields: (t) => ({
    field: t.exposeString("field", { description: "Which field." }),
    before: t.string({
      nullable: true,
      description: "Before; null: none, or nothing is told of it.",
      resolve: ({ before }) => auditedText(before),
    }),
    after: t.string({
      nullable: true,
      description: "After; null: none, or nothing is told of it.",
      resolve: ({ after }) => auditedText(after),
    }),
  }),
});

const AuditEventType = builder.objectRef<AuditEvent>("AuditEvent").implement({
  description: "A change, recorded in the transaction that made it. Nobody can edit or delete one.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id, evt_…" }),
    at: t.expose("at", { type: "DateTime", description: "When, by the clock of the database." }),
    action: t.exposeString("action", { description: "What was done, such as api_key.revoked." }),
    actor: t.expose("actor", {
      type: PersonType,
      nullable: true,
      description: "Who did it. Null: the operator, by the command that is the userAgent.",
    }),
    actorKey: t.expose("actorKey", {
      type: AuditTargetType,
      nullable: true,
      description: "The key with which the actor did it; null for a session.",
    }),
    target: t.expose("target", { type: AuditTargetType, nullable: true, description: "What it was done to." }),
    changes: t.field({
      type: [AuditChangeType],
      description: "What changed.",
      resolve: ({ changes }) => [...changes],
    }),
    ip: t.exposeString("ip", { nullable: true, description: "The client's address." }),
    userAgent: t.exposeString("userAgent", { nullable: true, description: "What the client called itself." }),
    requestId: t.exposeString("requestId", { nullable: true, description: "The request's id, as its answer had it." }),
  }),
});

const AuditFilterInput = builder.inputType("AuditFilter", {
  description: "Which events to list; conditions that are left out do not count.",
  fields: (t) => ({
    keyId: t.id({ description: "What was done to this key, and with it." }),
    actorId: t.id({ description: "What this person did." }),
    actions: t.stringList({ description: "Any of these actions." }),
    from: t.field({ type: "DateTime", description: "From this instant on." }),
    to: t.field({ type: "DateTime", description: "Before this instant." }),
    search: t.string({
      description:
        "Part of the name of a key or a person, of an invited address or of an action; or an address or an id, whole.",
    }),
  }),
});

const AuditEventConnectionType = builder.connectionObject(
  {
    type: AuditEventType,
    name: "AuditEventConnection",
    description: "A page of a team's audit log.",
    authScopes: { session: true },
  },
  { name: "AuditEventEdge", description: "An event in a list, with its place.", authScopes: { session: true } },
);

builder.queryField("auditLog", (t) =>
  t.field({
    type: AuditEventConnectionType,
    nullable: true,
    authScopes: { session: true },
    description: "What was changed in a team, newest first. Needs audit_log:read.",
    args: {
      teamId: t.arg.id({ description: "Of which team; the selected one unless told." }),
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: "How many, 1 to 100." }),
      after: t.arg.string({ description: "The endCursor of the page before, under the same filter." }),
      filter: t.arg({ type: AuditFilterInput, description: "Which ones." }),
    },
    resolve: async (_root, args, { services, requestContext }) => {
      const page = await services.auditLog.list(requestContext, { ...args });
      const edges = page.events.map(({ event, cursor }) => ({ node: event, cursor }));
      return toConnection(edges, page.hasMore, args.after);
    },
  }),
);
