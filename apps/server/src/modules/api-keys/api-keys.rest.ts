import { z } from "@hono/zod-openapi";
import { API_KEY_STATUSES } from "@latchkey/types/api-key-status";
import {
  API_KEY_ORDER_FIELDS,
  apiKeyFilter,
  DEFAULT_API_KEY_ORDER,
  ORDER_DIRECTIONS,
  unusedForDays,
} from "@latchkey/types/inputs/api-key-list";
import { createApiKeyInput } from "@latchkey/types/inputs/api-keys";
import { idempotencyKey } from "@latchkey/types/inputs/idempotency-key";
import { opaqueId } from "@latchkey/types/inputs/opaque-id";
import type { RestApp } from "../../platform/rest/environment.ts";
import {
  cursorParameter,
  limitParameter,
  nextLink,
  PAGE_HEADERS,
  pageJson,
  withOurName,
} from "../../platform/rest/pagination.ts";
import {
  booleanParameter,
  integerParameter,
  listParameter,
  textParameter,
} from "../../platform/rest/query-parameters.ts";
import { route } from "../../platform/rest/route.ts";
import { apiKeyJson, newApiKeyJson, replayedApiKeyJson, toApiKeyJson } from "./api-key-json.ts";

const required = <Schema extends z.ZodType>(schema: z.ZodOptional<z.ZodNullable<Schema>>) => schema.unwrap().unwrap();
const described = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.optional().openapi({ description });

const listQuery = z.strictObject({
  limit: limitParameter,
  cursor: cursorParameter,
  status: described(listParameter(z.enum(API_KEY_STATUSES)), "Only keys in this state; repeat it for several."),
  search: described(
    textParameter.pipe(required(apiKeyFilter.shape.search)),
    "Part of a name, whatever its case, or the beginning of a prefix.",
  ),
  permission: described(
    textParameter.pipe(required(apiKeyFilter.shape.permission)),
    "Only keys that were given this permission.",
  ),
  createdById: described(textParameter.pipe(opaqueId), "Only keys that this person made."),
  expiresSoon: described(booleanParameter, "Only keys that expire within 14 days, or with `false` only the others."),
  unusedForDays: described(
    integerParameter.pipe(unusedForDays).openapi({ type: "integer", minimum: 1, maximum: 3_650 }),
    "Only keys without a call for so many days; younger ones are left out.",
  ),
  neverUsed: described(booleanParameter, "Only keys without any call, or with `false` only the others."),
  orderBy: described(z.enum(API_KEY_ORDER_FIELDS), "What the list is sorted by; `CREATED_AT` unless told."),
  direction: described(z.enum(ORDER_DIRECTIONS), "`DESC` unless told."),
});
const idParameter = z.strictObject({ id: z.string().openapi({ description: "Of a key: `key_…`." }) });

/** Here the idempotency key is a header, as integrators know it. */
const createApiKeyBody = createApiKeyInput.omit({ idempotencyKey: true });
const NEW_KEY = { name: "BI dashboard", permissions: ["analytics:read", "reports:read"], expiresInDays: 90 };
const idempotencyHeader = z.object({
  "Idempotency-Key": idempotencyKey.optional().openapi({
    description:
      "1 to 255 visible ASCII characters of your choice, such as a random UUID; one header. For 24 hours a call with the same one, by the same person in the same team, makes no second key.",
    example: "5f0c3e0e-1f5e-4d55-9d0f-2b6c1d9a7e44",
  }),
});

const READ = { credential: "key_or_session", permission: "api_keys:read" } as const;

export function registerApiKeyRoutes(app: RestApp): void {
  app.openapi(
    route(
      READ,
      {
        method: "get",
        path: "/api-keys",
        operationId: "listApiKeys",
        summary: "List keys",
        description:
          "All keys of the team; a session without api_keys:read sees the ones its person made. Newest first.",
        tags: ["API keys"],
        request: { query: listQuery },
        responses: {
          200: {
            description: "A page of keys.",
            headers: PAGE_HEADERS,
            content: { "application/json": { schema: pageJson(apiKeyJson) } },
          },
        },
      },
      ["invalid_input", "no_team_selected"],
    ),
    async (context) => {
      const { limit, cursor, orderBy, direction, ...filter } = context.req.valid("query");
      const order = {
        field: orderBy ?? DEFAULT_API_KEY_ORDER.field,
        direction: direction ?? DEFAULT_API_KEY_ORDER.direction,
      };
      const input = { first: limit, after: cursor, filter, orderBy: order };
      const { apiKeys } = context.env.services;
      const page = await withOurName("after", "cursor", () => apiKeys.list(context.var.context, input));
      const nextCursor = page.hasMore ? (page.keys.at(-1)?.cursor ?? null) : null;
      if (nextCursor !== null) context.header("link", nextLink(context.req.url, nextCursor));
      return context.json(
        { data: page.keys.map(({ key }) => toApiKeyJson(key)), page: { nextCursor, hasMore: page.hasMore } },
        200,
      );
    },
  );

  app.openapi(
    route(
      READ,
      {
        method: "get",
        path: "/api-keys/{id}",
        operationId: "getApiKey",
        summary: "Read a key",
        tags: ["API keys"],
        request: { params: idParameter },
        responses: { 200: { description: "The key.", content: { "application/json": { schema: apiKeyJson } } } },
      },
      ["not_found"],
    ),
    async (context) =>
      context.json(
        toApiKeyJson(await context.env.services.apiKeys.get(context.var.context, context.req.valid("param").id)),
        200,
      ),
  );

  app.openapi(
    route(
      { credential: "session", permission: "api_keys:create" },
      {
        method: "post",
        path: "/api-keys",
        operationId: "createApiKey",
        summary: "Create a key",
        description:
          "The secret is in this answer, as `key`, and nowhere else. With an `Idempotency-Key` the call can be repeated when its answer was lost: it makes one key.",
        tags: ["API keys"],
        request: {
          headers: idempotencyHeader,
          body: { required: true, content: { "application/json": { schema: createApiKeyBody, example: NEW_KEY } } },
        },
        responses: {
          200: {
            description: "An earlier call with the same `Idempotency-Key` made this key; here it is as it is now.",
            headers: { "Idempotency-Replayed": { schema: { type: "string", const: "true" }, example: "true" } },
            content: { "application/json": { schema: replayedApiKeyJson } },
          },
          201: {
            description: "The new key with its secret.",
            content: { "application/json": { schema: newApiKeyJson } },
          },
        },
      },
      [
        "invalid_input",
        "subscription_inactive",
        "key_limit_reached",
        "not_found",
        "already_replaced",
        "no_team_selected",
        "idempotency_conflict",
      ],
    ),
    async (context) => {
      const idempotencyKey = context.req.valid("header")["Idempotency-Key"];
      const input = { ...context.req.valid("json"), idempotencyKey };
      const { apiKey, secret } = await context.env.services.apiKeys.create(context.var.context, input);
      if (secret === null) {
        context.header("idempotency-replayed", "true");
        return context.json({ ...toApiKeyJson(apiKey), key: null }, 200);
      }
      return context.json({ ...toApiKeyJson(apiKey), key: secret }, 201);
    },
  );

  app.openapi(
    route(
      { credential: "session", permission: "api_keys:revoke" },
      {
        method: "delete",
        path: "/api-keys/{id}",
        operationId: "revokeApiKey",
        summary: "Revoke a key",
        description: "One's own, or any with api_keys:revoke. Irreversible; the same answer when repeated.",
        tags: ["API keys"],
        request: { params: idParameter },
        responses: { 204: { description: "Revoked. No server process accepts the key any more." } },
      },
      ["not_found"],
    ),
    async (context) => {
      await context.env.services.apiKeys.revoke(context.var.context, { id: context.req.valid("param").id });
      return context.body(null, 204);
    },
  );
}
