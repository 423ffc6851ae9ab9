import { OpenAPIHono, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { registerApiKeyRoutes } from "../../modules/api-keys/api-keys.rest.ts";
import { registerVerifyRoute } from "../../modules/api-keys/verify.rest.ts";
import { registerBackofficeRoutes } from "../../modules/backoffice/backoffice.rest.ts";
import { registerBillingRoutes } from "../../modules/billing/billing.rest.ts";
import { registerMemberRoutes } from "../../modules/members/members.rest.ts";
import { registerMeRoute } from "../../modules/people/me.rest.ts";
import { DomainError, InvalidInputError } from "../domain-error.ts";
import { toDomainError } from "../failure.ts";
import { fieldErrors } from "../parse-input.ts";
import { allowedMethods } from "./allowed-methods.ts";
import type { Arrival, RestApp, RestDependencies, RestEnvironment } from "./environment.ts";
import { problemResponse } from "./problem.ts";
import { route } from "./route.ts";

export type RestDoor = (request: Request, arrival: Arrival) => Response | Promise<Response>;

/** Everything below /api/v1, with what stands behind it. */
export function createRestDoor(dependencies: RestDependencies): RestDoor {
  const router = createRestRouter();
  return (request, arrival) => router.fetch(request, { ...dependencies, arrival });
}

/** The routes as they are declared: enough to print the contract, without a database or a setting. */
export function createRestRouter(): RestApp {
  const app: RestApp = new OpenAPIHono<RestEnvironment>({
    strict: true,
    defaultHook: (result) => {
      if (!result.success) throw new InvalidInputError(result.error.issues.flatMap(fieldErrors));
    },
  }).basePath("/api/v1");

  registerRoot(app);
  registerMeRoute(app);
  registerVerifyRoute(app);
  registerBillingRoutes(app);
  registerMemberRoutes(app);
  registerApiKeyRoutes(app);
  registerBackofficeRoutes(app);
  describeCredentials(app);

  const document = openApiDocument(app);
  app.get("/openapi.json", (context) =>
    context.json({ ...document, servers: [{ url: `${context.env.config.publicUrl}/api/v1` }] }),
  );

  app.notFound((context) => {
    const { path, method } = context.req;
    const { publicUrl, supportUrl } = context.env.config;
    const occurrence = { publicUrl, supportUrl, path, requestId: context.env.arrival.requestId };
    const allowed = allowedMethods(document, path);
    if (allowed.length === 0)
      return problemResponse(
        new DomainError("not_found", "There is no such route. See /api/v1 for where the documentation is."),
        occurrence,
      );
    const refused = problemResponse(
      new DomainError("method_not_allowed", `${method} is not for this route; it has ${allowed.join(", ")}.`),
      occurrence,
    );
    refused.headers.set("allow", allowed.join(", "));
    return refused;
  });
  app.onError((error, context) => {
    const { arrival, config, logger } = context.env;
    const { publicUrl, supportUrl } = config;
    const occurrence = { publicUrl, supportUrl, path: context.req.path, requestId: arrival.requestId };
    return problemResponse(toDomainError(fromHono(error), arrival.requestId, logger), occurrence);
  });
  return app;
}

/** The contract as OpenAPI 3.1, without the address of a server. */
export function openApiDocument(app: RestApp) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Latchkey",
      version: "1",
      description:
        "Headless access to a team with an API key in the header `x-api-key`. Errors are RFC 9457 problems with stable codes.",
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
    },
    servers: [{ url: "/api/v1" }],
  });
}

function registerRoot(app: RestApp): void {
  const rootJson = z
    .object({ name: z.string(), version: z.string(), openapi: z.url(), errors: z.url() })
    .openapi("Root", {
      example: {
        name: "Latchkey",
        version: "1",
        openapi: "http://localhost:3000/api/v1/openapi.json",
        errors: "http://localhost:3000/docs/errors",
      },
    });
  app.openapi(
    route(
      { credential: "none", permission: null },
      {
        method: "get",
        path: "/",
        operationId: "getRoot",
        summary: "What this is, and where its documentation is",
        tags: ["Authentication"],
        responses: {
          200: { description: "Name, version and links.", content: { "application/json": { schema: rootJson } } },
        },
      },
    ),
    (context) => {
      const { publicUrl } = context.env.config;
      return context.json(
        {
          name: "Latchkey",
          version: "1",
          openapi: `${publicUrl}/api/v1/openapi.json`,
          errors: `${publicUrl}/docs/errors`,
        },
        200,
      );
    },
  );
}

function describeCredentials(app: RestApp): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "latchkey.session_token",
    description: "Set by signing in. Writing needs an Origin header too.",
  });
}

/** Hono's own refusals in our words. */
function fromHono(error: Error): Error {
  if (!(error instanceof HTTPException)) return error;
  if (error.status === 400) return new DomainError("invalid_json", "The body is not JSON.");
  if (error.status === 413) return new DomainError("too_large", "A body holds at most 64 KiB.");
  return error;
}
