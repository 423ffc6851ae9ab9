import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { registerActivityRoutes } from "../../modules/activity/activity-log.rest.ts";
import { registerRefusalRoute } from "../../modules/activity/refusal.rest.ts";
import { registerApiKeyRoutes } from "../../modules/api-keys/api-keys.rest.ts";
import { registerVerifyRoute } from "../../modules/api-keys/verify.rest.ts";
import { registerAuditLogRoutes } from "../../modules/audit/audit-log.rest.ts";
import { registerBackofficeRoutes } from "../../modules/backoffice/backoffice.rest.ts";
import { registerBillingRoutes } from "../../modules/billing/billing.rest.ts";
import { registerMemberRoutes } from "../../modules/members/members.rest.ts";
import { registerNotificationRoutes } from "../../modules/notifications/notifications.rest.ts";
import { registerMeRoute } from "../../modules/people/me.rest.ts";
import { noteFailure } from "../call-notes.ts";
import { DomainError, InvalidInputError } from "../domain-error.ts";
import { toDomainError } from "../failure.ts";
import { fieldErrors } from "../parse-input.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { registerDocumentation } from "./documentation.rest.ts";
import type { Arrival, RestApp, RestDependencies, RestEnvironment } from "./environment.ts";
import { openApiDocument, openApiText, registerComponents } from "./openapi-document.ts";
import { problemResponse } from "./problem.ts";

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

  registerMeRoute(app);
  registerVerifyRoute(app);
  registerBillingRoutes(app);
  registerMemberRoutes(app);
  registerApiKeyRoutes(app);
  registerAuditLogRoutes(app);
  registerActivityRoutes(app);
  registerRefusalRoute(app);
  registerNotificationRoutes(app);
  registerBackofficeRoutes(app);
  registerDocumentation(app, (publicUrl) => (text ??= openApiText(document, publicUrl)));
  registerComponents(app);

  const document = openApiDocument(app);
  let text: string | undefined;

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
    const failure = toDomainError(fromHono(error), arrival.requestId, logger);
    noteFailure(arrival.notes, failure);
    return problemResponse(failure, occurrence);
  });
  return app;
}

/** Hono's own refusals in our words. */
function fromHono(error: Error): Error {
  if (!(error instanceof HTTPException)) return error;
  if (error.status === 400) return new DomainError("invalid_json", "The body is not JSON.");
  if (error.status === 415) return new DomainError("unsupported_media_type", "Send the body as application/json.");
  if (error.status === 413) return new DomainError("too_large", "A body holds at most 64 KiB.");
  return error;
}
