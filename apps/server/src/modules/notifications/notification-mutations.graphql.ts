import { InvalidInputError, NotFoundError } from "../../platform/domain-error.ts";
import { builder } from "../../platform/graphql/builder.ts";
import { requireSession } from "../teams/teams.service.ts";
import { ViewerType, type Viewer } from "../teams/teams.graphql.ts";
import type { RequestContext } from "../../platform/request-context.ts";
import type { Notification } from "./notification.ts";
import { NotificationType } from "./notifications.graphql.ts";

const MarkNotificationReadInput = builder.inputType("MarkNotificationReadInput", {
  description: "A notification that was read.",
  fields: (t) => ({ id: t.id({ required: true, description: "Which notification." }) }),
});

const MarkAllNotificationsReadInput = builder.inputType("MarkAllNotificationsReadInput", {
  description: "Everything that was read.",
  fields: (t) => ({
    upTo: t.field({
      type: "DateTime",
      description:
        "Only what happened until this instant, so that nothing is marked that was not shown; now unless told.",
    }),
  }),
});

const MarkNotificationReadPayload = builder
  .objectRef<{ notification: Notification; viewer: Viewer }>("MarkNotificationReadPayload")
  .implement({
    description: "It is read, now or since before.",
    authScopes: { session: true },
    fields: (t) => ({
      notification: t.expose("notification", { type: NotificationType, description: "The notification." }),
      viewer: t.expose("viewer", { type: ViewerType, description: "The viewer, with what is still unread." }),
    }),
  });

const MarkAllNotificationsReadPayload = builder
  .objectRef<{ marked: number; viewer: Viewer }>("MarkAllNotificationsReadPayload")
  .implement({
    description: "All of them are read.",
    authScopes: { session: true },
    fields: (t) => ({
      marked: t.exposeInt("marked", { description: "How many were unread until now." }),
      viewer: t.expose("viewer", { type: ViewerType, description: "The viewer, with what is still unread." }),
    }),
  });

builder.mutationFields((t) => ({
  markNotificationRead: t.field({
    type: MarkNotificationReadPayload,
    description: "Marks one of the viewer's notifications as read; the same answer when repeated.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, NotFoundError],
      union: { name: "MarkNotificationReadResult", description: "The notification, or why it was not marked." },
    },
    args: { input: t.arg({ type: MarkNotificationReadInput, required: true, description: "Which one." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      notification: await services.notifications.markRead(requestContext, { ...input }),
      viewer: viewerOf(requestContext),
    }),
  }),
  markAllNotificationsRead: t.field({
    type: MarkAllNotificationsReadPayload,
    description: "Marks the viewer's notifications as read, of all teams they are a member of.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError],
      union: { name: "MarkAllNotificationsReadResult", description: "How many were marked, or why none was." },
    },
    args: { input: t.arg({ type: MarkAllNotificationsReadInput, required: true, description: "Until when." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      marked: await services.notifications.markAllRead(requestContext, { ...input }),
      viewer: viewerOf(requestContext),
    }),
  }),
}));

function viewerOf({ actor }: RequestContext): Viewer {
  const session = requireSession(actor);
  return { actor: session, teamId: session.selectedTeamId };
}
