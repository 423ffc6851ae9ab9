import { z } from "@hono/zod-openapi";
import {
  activityFilter,
  callCredential,
  operationName,
  refusalCode,
  statusClass,
} from "@latchkey/types/inputs/activity";
import { logInstant } from "@latchkey/types/inputs/audit-log";
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
import { CALL_COLUMNS, CALL_EXAMPLE, callJson, toCallJson } from "./activity-log-json.ts";

const described = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.optional().openapi({ description });

const listQuery = z.strictObject({
  limit: limitParameter,
  cursor: cursorParameter,
  keyId: described(textParameter.pipe(opaqueId), "Of this key."),
  actorId: described(textParameter.pipe(opaqueId), "Of this person's sessions, and of the keys they made."),
  credential: described(callCredential, "Of keys only, or of sessions only."),
  operation: described(
    textParameter.pipe(operationName),
    "The template of a route, such as `/api/v1/api-keys/{id}`, or the name of a GraphQL operation, whole.",
  ),
  status: described(listParameter(statusClass), "Answered so; repeat it for several."),
  code: described(listParameter(refusalCode), "Refused with this code; repeat it for several."),
  from: described(instantParameter.pipe(logInstant), "From this instant on, as ISO 8601 in UTC."),
  to: described(instantParameter.pipe(logInstant), "Before this instant, as ISO 8601 in UTC."),
  search: described(
    textParameter.pipe(activityFilter.shape.search.unwrap().unwrap()),
    "Part of the name of an operation or a key; or the prefix of a key, an address or a request's id, whole.",
  ),
});

const DESCRIPTION = `What the keys and sessions of the team did, call by call, newest first. A call is here within a second of its answer, and for \`ACTIVITY_RETENTION_DAYS\`.

A page can be short, or empty, although more follows: when few calls match, a search ends after about a second and says in \`page.searchedUntil\` how far back it came. Follow \`page.nextCursor\` to go on.

With \`Accept: text/csv\` or \`application/x-ndjson\` the answer is a file of all calls that match, without pages: what is stored by now, each exactly once. It is streamed, and a connection that breaks off means that it is not complete. Taking one is in the audit log, as \`activity.exported\`. In the CSV, text that a spreadsheet would take for a formula begins with an apostrophe.`;

const CSV_EXAMPLE = `${CALL_COLUMNS.map(({ name }) => name).join(",")}\\r\\n`;

const answer = pageJson(callJson, {
  shape: {
    searchedUntil: z.iso.datetime().nullable().openapi({
      description: "The page is short because the search came back only to here; null: it is as long as it can be.",
    }),
  },
  example: { searchedUntil: null },
});

export function registerActivityRoutes(app: RestApp): void {
  app.openapi(
    route(
      { credential: "key_or_session", permission: "audit_log:read" },
      {
        method: "get",
        path: "/activity",
        operationId: "listCalls",
        summary: "Read what keys and sessions did, or export it",
        description: DESCRIPTION,
        tags: ["Audit log"],
        request: { query: listQuery },
        responses: {
          200: {
            description: "A page of calls; or all of them, as a file.",
            headers: {
              ...PAGE_HEADERS,
              "Content-Disposition": {
                description: "Of a file: its name.",
                schema: { type: "string" },
                example: 'attachment; filename="activity.csv"',
              },
            },
            content: {
              "application/json": { schema: answer },
              ...exportContent(callJson, CSV_EXAMPLE, CALL_EXAMPLE),
            },
          },
        },
      },
      ["invalid_input", "no_team_selected"],
    ),
    async (context) => {
      const { limit, cursor, status: statusClasses, code: codes, ...others } = context.req.valid("query");
      const { services, logger, arrival } = context.env;
      const filter = { ...others, statusClasses, codes };
      const format = exportFormatOf(context.req.header("accept"));
      if (format !== null) {
        assertNoPages({ limit, cursor });
        return exportResponse({
          format,
          filename: "activity",
          batches: await services.activityLog.export(context.var.context, { format, filter }),
          columns: CALL_COLUMNS,
          toJson: toCallJson,
          onFailure: (error) => logger.warn({ err: error, requestId: arrival.requestId }, "An export broke off"),
        }) as never;
      }
      const { calls, nextCursor, searchedUntil } = await withOurName("after", "cursor", () =>
        services.activityLog.list(context.var.context, { first: limit, after: cursor, filter }),
      );
      if (nextCursor !== null) context.header("link", nextLink(context.req.url, nextCursor));
      const page = { nextCursor, hasMore: nextCursor !== null, searchedUntil: searchedUntil?.toISOString() ?? null };
      return context.json({ data: calls.map(({ call }) => toCallJson(call)), page }, 200);
    },
  );
}
