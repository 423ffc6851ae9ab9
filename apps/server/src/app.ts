import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { createAccountRoutes } from "./identity/account-routes.ts";
import { createAuthDoor } from "./identity/auth-door.ts";
import { isProviderCallback, refusedSignIn } from "./identity/provider-sign-in.ts";
import { offeredProviders } from "./identity/sign-in-providers.ts";
import { isApiLookalike } from "./platform/api-lookalike.ts";
import { blankCallNotes } from "./platform/call-notes.ts";
import { createClientAddress } from "./platform/client-address.ts";
import { addCorsHeaders, isPreflight, preflightResponse } from "./platform/cors.ts";
import { DomainError, unrecorded } from "./platform/domain-error.ts";
import { errorsPage } from "./platform/errors-page.ts";
import { toDomainError } from "./platform/failure.ts";
import { graphQLErrorResponse, type GraphQLDoor } from "./platform/graphql/graphql-door.ts";
import { MAX_BODY_BYTES } from "./platform/graphql/limits.ts";
import { checkReadiness, type CheckDatabase } from "./platform/health.ts";
import { createId } from "./platform/id.ts";
import { mailWayOf } from "./platform/mail/mail.ts";
import { createHostCheck } from "./platform/origin.ts";
import type { ServePage } from "./platform/page.ts";
import { rateLimitHeaders } from "./platform/rate-limit-report.ts";
import type { Readiness } from "./platform/readiness.ts";
import type { Arrival } from "./platform/rest/environment.ts";
import { problemResponse } from "./platform/rest/problem.ts";
import { serveReferenceScript } from "./platform/rest/reference-page.ts";
import { createRestDoor } from "./platform/rest/router.ts";
import { addSecurityHeaders, securityHeaders } from "./platform/security-headers.ts";
import type { Services } from "./services.ts";

interface Environment {
  Bindings: { readonly arrival: Arrival };
}

export interface AppDependencies {
  readonly config: Config;
  readonly services: Services;
  readonly graphQL: GraphQLDoor;
  readonly logger: Logger;
  readonly readiness: Readiness;
  readonly checkDatabase: CheckDatabase;
  readonly servePage: ServePage;
}

/** One request, with the address that its socket has. Whose it is, is found out here, once for all that ask. */
export type App = (request: Request, ip: string) => Promise<Response>;

/** Probes and gateways reach the server by inner names. No cookie decides anything there, so no page can misuse it. */
function mayHaveAnyHost(request: Request): boolean {
  return request.headers.has("x-api-key") || WITHOUT_COOKIES.has(new URL(request.url).pathname);
}

const WITHOUT_COOKIES = new Set(["/livez", "/readyz", "/api/v1/verify"]);

/** The whole server as one function: health, sign-in, GraphQL, REST, and the page for everything else. */
export function createApp(dependencies: AppDependencies): App {
  const { config, services, graphQL, logger, readiness, checkDatabase, servePage } = dependencies;
  const hono = new Hono<Environment>({ strict: true });
  const isTrustedHost = createHostCheck(config.allowedOrigins);
  const clientAddress = createClientAddress(config.trustProxy);
  const { publicUrl, supportUrl } = config;
  const security = securityHeaders(config);
  const fail = (error: unknown, path: string, { requestId, notes }: Arrival) => {
    const failure = toDomainError(error, requestId, logger);
    notes.code = failure.code;
    if (path === "/graphql") return graphQLErrorResponse(failure, requestId);
    // A browser that came back from a provider is shown the page, not JSON.
    if (isProviderCallback(path) && failure.status >= 500)
      return refusedSignIn(failure.code === "unavailable" ? "unavailable" : "unexpected");
    return problemResponse(failure, { publicUrl, supportUrl, path, requestId });
  };

  hono.get("/livez", (context) => context.json({ status: "ok" }));
  hono.get("/readyz", async (context) => {
    const report = await checkReadiness(readiness, checkDatabase, services.coherence.report());
    return context.json(report, report.isReady ? 200 : 503);
  });

  // Everything below knows who asks from the database: until it was reached once, the honest answer is "unavailable".
  for (const path of ["/graphql/*", "/api/*"]) {
    hono.use(path, async (_context, next) => {
      if (!readiness.isStarted)
        throw new DomainError("unavailable", "The server is starting and has not reached its database yet.");
      await next();
    });
    hono.use(
      path,
      bodyLimit({
        maxSize: MAX_BODY_BYTES,
        onError: () => {
          throw new DomainError("too_large", "A body holds at most 64 KiB.");
        },
      }),
    );
  }

  const openAuth = createAuthDoor(services.auth, config, services.invitations.isOpenFor, createAccountRoutes(services));
  hono.all("/api/auth/*", ({ req, env: { arrival } }) => {
    arrival.notes.operation = "/api/auth";
    return services.limitSignIn(req.raw, arrival.ip, () => openAuth(req.raw, arrival));
  });
  hono.get("/api/setup", async (context) =>
    context.json({
      needsFirstUser: await services.people.isFirstPersonMissing(),
      mail: mailWayOf(config),
      signInProviders: offeredProviders(config.signInProviders),
    }),
  );

  hono.all("/graphql", (context) => graphQL.open(context.req.raw, context.env.arrival));
  hono.get("/graphql/schema.graphql", (context) => graphQL.open(context.req.raw, context.env.arrival));

  const openRest = createRestDoor({ services, config, logger });
  hono.all("/api/v1", (context) => openRest(context.req.raw, context.env.arrival));
  hono.all("/api/v1/*", (context) => openRest(context.req.raw, context.env.arrival));
  hono.all("/api/*", () => {
    throw new DomainError("not_found", "There is no such route.");
  });

  hono.get("/docs/errors", (context) => context.html(errorsPage()));
  hono.get("/docs/*", async (context) => (await serveReferenceScript(context.req.raw)) ?? context.notFound());
  hono.all("*", (context) => {
    if (isApiLookalike(new URL(context.req.url).pathname))
      throw new DomainError("not_found", "There is no such route. Write the path without doubled or encoded slashes.");
    return servePage(context.req.raw);
  });
  hono.onError((error, context) => fail(error, context.req.path, context.env.arrival));

  return async (request, ip) => {
    const startedAt = performance.now();
    const arrival: Arrival = {
      requestId: createId("req"),
      ip: clientAddress(ip, request.headers.get("x-forwarded-for")),
      rateLimit: null,
      notes: blankCallNotes(),
      userAgent: request.headers.get("user-agent")?.slice(0, 400) ?? null,
    };
    const answered = await answer(request, arrival);
    const { requestId, notes } = arrival;
    const call = { requestId, ip: arrival.ip, method: request.method, status: answered.status, startedAt, notes };
    const isRecorded = services.recorder.record(call);
    const isStored = isRecorded === null || (await isRecorded);
    return dress(isStored ? answered : fail(unrecorded(), new URL(request.url).pathname, arrival), request, arrival);
  };

  function answer(request: Request, arrival: Arrival): Response | Promise<Response> {
    if (isPreflight(request)) return preflightResponse(request, config.trustedOrigins);
    if (isTrustedHost(request.headers.get("host")) || mayHaveAnyHost(request)) {
      return hono.fetch(request, { arrival });
    }
    const refusal = new DomainError("origin_refused", `This server does not answer to that Host. Use ${publicUrl}.`);
    return fail(refusal, new URL(request.url).pathname, arrival);
  }

  function dress(answer: Response, request: Request, { requestId, rateLimit }: Arrival): Response {
    // In place: a new Response around the old one would turn its text into a stream, which costs a third of a call.
    const { headers } = answer;
    headers.set("x-request-id", requestId);
    if (rateLimit !== null) {
      for (const [name, value] of Object.entries(rateLimitHeaders(rateLimit))) headers.set(name, value);
    }
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    addSecurityHeaders(headers, security);
    addCorsHeaders(headers, request, config.trustedOrigins);
    return answer;
  }
}
