import { z } from "@hono/zod-openapi";
import { NOTIFICATION_KIND_NAMES } from "@latchkey/types/notifications";
import type { RestApp } from "../../platform/rest/environment.ts";
import {
  cursorParameter,
  limitParameter,
  nextLink,
  PAGE_HEADERS,
  pageJson,
  withOurName,
} from "../../platform/rest/pagination.ts";
import { booleanParameter } from "../../platform/rest/query-parameters.ts";
import { route } from "../../platform/rest/route.ts";
import type { Notification } from "./notification.ts";

const notificationJson = z
  .object({
    id: z.string(),
    kind: z.enum(NOTIFICATION_KIND_NAMES),
    message: z.string(),
    team: z.object({ id: z.string(), name: z.string(), slug: z.string() }),
    apiKeyId: z.string().nullable(),
    at: z.iso.datetime(),
    readAt: z.iso.datetime().nullable(),
    link: z.url(),
  })
  .openapi("Notification", {
    description:
      "Something that happened to a key or to a limit. `apiKeyId` null: it is about a limit of keys. `readAt` null: unread. `link`: the page that shows what it is about.",
    example: {
      id: "notification_0000000000000000000a",
      kind: "KEY_EXPIRES",
      message: "The key “BI dashboard” expires in 7 days.",
      team: { id: "team_0000000000000000000a", name: "Acme Ads", slug: "acme-ads" },
      apiKeyId: "key_0000000000000000000a",
      at: "2026-11-22T08:30:00.000Z",
      readAt: null,
      link: "https://keys.example.com/settings/team/api-keys?key=key_0000000000000000000a&team=acme-ads",
    },
  });

function toNotificationJson({ at, readAt, ...notification }: Notification): z.input<typeof notificationJson> {
  return { ...notification, at: at.toISOString(), readAt: readAt?.toISOString() ?? null };
}

const listQuery = z.strictObject({
  limit: limitParameter,
  cursor: cursorParameter,
  unreadOnly: booleanParameter.optional().openapi({ description: "`true` leaves out those that were read." }),
});

/** Reading is all that can happen to one. */
const readBody = z.strictObject({
  isRead: z.literal(true, { error: "Say true: what was read stays read." }),
});

export function registerNotificationRoutes(app: RestApp): void {
  app.openapi(
    route(
      { credential: "key_or_session", permission: "notifications:read" },
      {
        method: "get",
        path: "/notifications",
        operationId: "listNotifications",
        summary: "List notifications",
        description: "One's own, newest first: of all one's teams; with a key those of its creator, in the key's team.",
        tags: ["Notifications"],
        request: { query: listQuery },
        responses: {
          200: {
            description: "A page of notifications.",
            headers: PAGE_HEADERS,
            content: { "application/json": { schema: pageJson(notificationJson) } },
          },
        },
      },
      ["invalid_input"],
    ),
    async (context) => {
      const { limit, cursor, unreadOnly } = context.req.valid("query");
      const { notifications } = context.env.services;
      const page = await withOurName("after", "cursor", () =>
        notifications.list(context.var.context, { first: limit, after: cursor, unreadOnly }),
      );
      const nextCursor = page.hasMore ? (page.notifications.at(-1)?.cursor ?? null) : null;
      if (nextCursor !== null) context.header("link", nextLink(context.req.url, nextCursor));
      return context.json(
        {
          data: page.notifications.map(({ notification }) => toNotificationJson(notification)),
          page: { nextCursor, hasMore: page.hasMore },
        },
        200,
      );
    },
  );

  app.openapi(
    route(
      { credential: "key_or_session", permission: "notifications:update" },
      {
        method: "patch",
        path: "/notifications/{id}",
        operationId: "markNotificationRead",
        summary: "Mark a notification as read",
        description: "One's own; with a key one of its creator, in the key's team. The same answer when repeated.",
        tags: ["Notifications"],
        request: {
          params: z.strictObject({ id: z.string().openapi({ description: "Of a notification: `notification_…`." }) }),
          body: {
            required: true,
            content: { "application/json": { schema: readBody, example: { isRead: true } } },
          },
        },
        responses: {
          200: { description: "The notification.", content: { "application/json": { schema: notificationJson } } },
        },
      },
      ["invalid_input", "not_found"],
    ),
    async (context) => {
      const { id } = context.req.valid("param");
      const notification = await context.env.services.notifications.markRead(context.var.context, { id });
      return context.json(toNotificationJson(notification), 200);
    },
  );
}
