import type { MiddlewareHandler } from "hono";
import { presentedKey } from "../../identity/api-key-strategy.ts";
import { DomainError } from "../domain-error.ts";
import { assertJson } from "../media-type.ts";
import { assertTrustedOrigin } from "../origin.ts";
import type { RestEnvironment } from "./environment.ts";
import { assertKnownParameters } from "./known-parameters.ts";
import { exercisedBy, refusalOf, type RouteAccess } from "./route-access.policy.ts";

const READING = new Set(["GET", "HEAD"]);

/** Stands in front of a route: who asks, from which page, and may they. Runs before the input is looked at. */
export function guard(
  access: RouteAccess,
  parameters: ReadonlySet<string>,
  template: string,
): MiddlewareHandler<RestEnvironment> {
  const exercised = exercisedBy(access);
  return async (context, next) => {
    const { arrival, services, config } = context.env;
    const { headers } = context.req.raw;
    arrival.notes.operation = template;
    if (access.credential === "none") {
      assertKnownParameters(context.req.url, parameters);
      context.set("context", { ...arrival, actor: { kind: "nobody" } });
      return next();
    }
    if (access.credential === "key" && presentedKey(headers, config.acceptBearer) === null)
      throw new DomainError("key_missing", "Send a key in the header x-api-key. No session is looked at here.");
    const isWriting = !READING.has(context.req.method);
    if (isWriting && presentedKey(headers, config.acceptBearer) === null)
      assertTrustedOrigin(headers, config.allowedOrigins);

    const { actor, setCookies } = await services.authenticate(headers, arrival);
    for (const cookie of setCookies) context.header("set-cookie", cookie, { append: true });
    const refusal = refusalOf(actor, access);
    if (refusal !== null) throw refusal;
    arrival.notes.exercised = exercised;
    assertKnownParameters(context.req.url, parameters);
    if (isWriting && hasBody(headers)) assertJson(headers);
    context.set("context", { ...arrival, actor });
    return next();
  };
}

function hasBody(headers: Headers): boolean {
  return headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
}
