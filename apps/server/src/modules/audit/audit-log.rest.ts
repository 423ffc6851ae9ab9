import { z } from "@hono/zod-openapi";
import { auditAction, auditFilter, logInstant } from "@latchkey/types/inputs/audit-log";
import { opaqueId } from "@latchkey/types/inputs/opaque-id";
import type { RestApp } from "../../platform/rest/environment.ts";
import { assertNoPages, exportContent, exportFormatOf, exportResponse } from "../../platform/rest/export.ts";
import {
  cursorParameter,
  limitParameter,
  nextLink,
  PAGE_HEADERS,
  pageJson,
  withOurName,
} from "../../platform/rest/pagination.ts";
import { instantParameter, listParameter, textParameter } from "../../platform/rest/query-parameters.ts";
import { route } from "../../platform/rest/route.ts";
import { AUDIT_COLUMNS, auditEventJson, EVENT_EXAMPLE, toAuditEventJson } from "./audit-event-json.ts";

const described = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.optional().openapi({ description });

const listQuery = z.strictObject({
  limit: limitParameter,
  cursor: cursorParameter,
  keyId: described(textParameter.pipe(opaqueId), "What was done to this key, and with it."),
  actorId: described(textParameter.pipe(opaqueId), "What this person did."),
  action: described(listParameter(auditAction), "Only this; repeat it for several."),
  from: described(instantParameter.pipe(logInstant), "From this instant on, as ISO 8601 in UTC."),
  to: described(instantParameter.pipe(logInstant), "Before this instant, as ISO 8601 in UTC."),
  search: described(
    textParameter.pipe(auditFilter.shape.search.unwrap().unwrap()),
    "Part of the name of a key or a person, of an invited address or of an action; or an address or an id, whole.",
  ),
});

const DESCRIPTION = `What was changed in the team, newest first.

With \`Accept: text/csv\` or \`application/x-ndjson\` the answer is a file of all events that match, without pages: up to this moment, each exactly once. It is streamed, and a connection that breaks off means that it is not complete. Taking one is itself in the log, as \`audit_log.exported\`. In the CSV, text that a spreadsheet would take for a formula begins with an apostrophe.`;

const CSV_EXAMPLE = `${AUDIT_COLUMNS.map(({ name }) => name).join(",")}\r\n`;

export function registerAuditLogRoutes(app: RestApp): void {
  app.openapi(
    route(
      { credential: "key_or_session", permission: "audit_log:read" },
      {
        method: "get",
        path: "/audit-log",
        operationId: "listAuditEvents",
        summary: "Read the audit log, or export it",
        description: DESCRIPTION,
        tags: ["Audit log"],
        request: { query: listQuery },
        responses: {
          200: {
            description: "A page of events; or all of them, as a file.",
            headers: {
              ...PAGE_HEADERS,
              "Content-Disposition": {
                description: "Of a file: its name.",
                schema: { type: "string" },
                example: 'attachment; filename="audit-log.csv"',
              },
            },
            content: {
              "application/json": { schema: pageJson(auditEventJson) },
              ...exportContent(auditEventJson, CSV_EXAMPLE, EVENT_EXAMPLE),
            },
          },
        },
      },
      ["invalid_input", "no_team_selected"],
    ),
    async (context) => {
      const { limit, cursor, action: actions, ...others } = context.req.valid("query");
      const { services, logger, arrival } = context.env;
      const filter = { ...others, actions };
      const format = exportFormatOf(context.req.header("accept"));
      if (format !== null) {
        assertNoPages({ limit, cursor });
        return exportResponse({
          format,
          filename: "audit-log",
          batches: await withOurName("actions", "action", () =>
            services.auditLog.export(context.var.context, { format, filter }),
          ),
          columns: AUDIT_COLUMNS,
          toJson: toAuditEventJson,
          onFailure: (error) => logger.warn({ err: error, requestId: arrival.requestId }, "An export broke off"),
        }) as never;
      }
      const page = await withOurName("after", "cursor", () =>
        services.auditLog.list(context.var.context, { first: limit, after: cursor, filter }),
      );
      const nextCursor = page.hasMore ? (page.events.at(-1)?.cursor ?? null) : null;
      if (nextCursor !== null) context.header("link", nextLink(context.req.url, nextCursor));
      return context.json(
        { data: page.events.map(({ event }) => toAuditEventJson(event)), page: { nextCursor, hasMore: page.hasMore } },
        200,
      );
    },
  );
}
