import { z } from "@hono/zod-openapi";
import { DOCUMENTED_ADDRESS } from "./documented-address.ts";
import type { RestApp } from "./environment.ts";
import { referencePage } from "./reference-page.ts";
import { route } from "./route.ts";

const ANYBODY = { credential: "none", permission: null } as const;

const linksOf = (publicUrl: string) => ({
  docs: `${publicUrl}/api/v1/docs`,
  openapi: `${publicUrl}/api/v1/openapi.json`,
  errors: `${publicUrl}/docs/errors`,
});

const rootJson = z
  .object({ name: z.string(), version: z.string(), docs: z.url(), openapi: z.url(), errors: z.url() })
  .openapi("Root", { example: { name: "Latchkey", version: "1", ...linksOf(DOCUMENTED_ADDRESS) } });

const documentJson = z
  .looseObject({ openapi: z.string(), info: z.looseObject({ title: z.string(), version: z.string() }) })
  .openapi({ example: { openapi: "3.1.0", info: { title: "Latchkey", version: "1" }, paths: {} } });

/** What anybody may read: where things are, and what they are. `documentText` is asked for when somebody reads it. */
export function registerDocumentation(app: RestApp, documentText: (publicUrl: string) => string): void {
  app.openapi(
    route(ANYBODY, {
      method: "get",
      path: "/",
      operationId: "getRoot",
      summary: "What this is, and where its documentation is",
      tags: ["Documentation"],
      responses: {
        200: { description: "Name, version and links.", content: { "application/json": { schema: rootJson } } },
      },
    }),
    (context) => context.json({ name: "Latchkey", version: "1", ...linksOf(context.env.config.publicUrl) }, 200),
  );

  app.openapi(
    route(ANYBODY, {
      method: "get",
      path: "/openapi.json",
      operationId: "getOpenApi",
      summary: "This document",
      tags: ["Documentation"],
      responses: { 200: { description: "OpenAPI 3.1.", content: { "application/json": { schema: documentJson } } } },
    }),
    (context) => {
      context.header("content-type", "application/json");
      return context.body(documentText(context.env.config.publicUrl), 200) as never;
    },
  );

  app.openapi(
    route(ANYBODY, {
      method: "get",
      path: "/docs",
      operationId: "getReference",
      summary: "This document as a page, with forms to try it",
      tags: ["Documentation"],
      responses: {
        200: {
          description: "The reference page.",
          content: { "text/html": { schema: z.string(), example: "<!doctype html>" } },
        },
      },
    }),
    async (context) => context.html(await referencePage(), 200) as never,
  );
}
