import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { NOTIFICATION_KINDS, type NotificationKind } from "@latchkey/types/notifications";
import { builder } from "../../platform/graphql/builder.ts";
import { toConnection } from "../../platform/graphql/connection.ts";
import { ViewerType } from "../teams/teams.graphql.ts";
import type { Notification, NotifiedTeam } from "./notification.ts";

const NotificationKindEnum = builder.enumType("NotificationKind", {
  description: "What somebody is told of.",
  values: Object.fromEntries(
    Object.entries(NOTIFICATION_KINDS).map(([kind, description]) => [kind, { description }]),
  ) as Record<NotificationKind, { description: string }>,
});

const NotifiedTeamType = builder.objectRef<NotifiedTeam>("NotificationTeam").implement({
  description: "The team in which something happened.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id, team_…" }),
    name: t.exposeString("name", { description: "Its name." }),
    slug: t.exposeString("slug", { description: "Stands for the team in links." }),
  }),
});

export const NotificationType = builder.objectRef<Notification>("Notification").implement({
  description: "Something that happened to a key or to a limit, as the viewer is told it.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id, notification_…" }),
    kind: t.expose("kind", { type: NotificationKindEnum, description: "What it tells of." }),
    message: t.exposeString("message", { description: "One sentence, with the names of today." }),
    team: t.expose("team", { type: NotifiedTeamType, description: "In which team." }),
    apiKeyId: t.exposeID("apiKeyId", {
      nullable: true,
      description: "The key it is about; null where it is about a limit of keys.",
    }),
    at: t.expose("at", { type: "DateTime", description: "When it happened." }),
    readAt: t.expose("readAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was marked as read; null while it is unread.",
    }),
    link: t.exposeString("link", { description: "The page that shows what it is about." }),
  }),
});

const NotificationConnectionType = builder.connectionObject(
  {
    type: NotificationType,
    name: "NotificationConnection",
    description: "A page of the viewer's notifications.",
    authScopes: { session: true },
  },
  { name: "NotificationEdge", description: "A notification in a list, with its place.", authScopes: { session: true } },
);

builder.queryField("notifications", (t) =>
  t.field({
    type: NotificationConnectionType,
    authScopes: { session: true },
    description: "What the viewer was told, of all teams they are a member of, newest first.",
    args: {
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: "How many, 1 to 100." }),
      after: t.arg.string({ description: "The endCursor of the page before." }),
      unreadOnly: t.arg.boolean({ defaultValue: false, description: "Leave out those that were read." }),
    },
    resolve: async (_root, args, { services, requestContext }) => {
      const page = await services.notifications.list(requestContext, { ...args });
      const edges = page.notifications.map(({ notification, cursor }) => ({ node: notification, cursor }));
      return toConnection(edges, page.hasMore, args.after);
    },
  }),
);

builder.objectField(ViewerType, "unreadNotifications", (t) =>
  t.int({
    description: "How many of the viewer's notifications are unread, of all teams they are a member of.",
    resolve: ({ actor }, _args, { services }) => services.notifications.countUnread(actor),
  }),
);
