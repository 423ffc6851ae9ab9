import { z } from "@hono/zod-openapi";
import { NotFoundError } from "../../platform/domain-error.ts";
import type { RestApp } from "../../platform/rest/environment.ts";
import { route } from "../../platform/rest/route.ts";
import { refusalJson, toRefusalJson } from "./activity-log-json.ts";

const DESCRIPTION = `Why the request with this id was refused: by which step, and what it would have needed. The id is \`requestId\` of the error, and the header \`x-request-id\` of every answer.

Unknown (404, always the same) is a request without a known key or session (\`key_missing\`, \`key_malformed\`, \`key_invalid\`), of another team, older than \`ACTIVITY_RETENTION_DAYS\`, or answered less than a second ago; and of many that the rate limit refused in one second, each but the first.`;

export function registerRefusalRoute(app: RestApp): void {
  app.openapi(
    route(
      { credential: "key_or_session", permission: "audit_log:read" },
      {
        method: "get",
        path: "/refusals/{requestId}",
        operationId: "explainRefusal",
        summary: "Why was this refused?",
        description: DESCRIPTION,
        tags: ["Audit log"],
        request: {
          params: z.object({
            requestId: z.string().openapi({ example: "req_0000000000000000000a", description: "The request's id." }),
          }),
        },
        responses: {
          200: {
            description: "The call, and what refused it.",
            content: { "application/json": { schema: refusalJson } },
          },
        },
      },
      ["not_found", "no_team_selected"],
    ),
    async (context) => {
      const { requestId } = context.req.valid("param");
      const refusal = await context.env.services.refusals.find(context.var.context, { requestId });
      if (refusal === null) throw new NotFoundError("request");
      return context.json(toRefusalJson(refusal), 200);
    },
  );
}
