import { ERRORS, type ErrorCode } from "@latchkey/types/error-codes";
import { DOCUMENTED_ADDRESS } from "./documented-address.ts";
import type { RestApp } from "./environment.ts";
import { exampleOf, type Schemas } from "./example-of.ts";
import { problemExample, problemResponse, problemSchema } from "./problem-responses.ts";
import { HEADER_COMPONENTS, refToHeader } from "./response-headers.ts";

const INTRODUCTION = `Headless access to a team, for programs. The first call tells whom a key acts as; put yours in place of \`lk_YOUR_KEY\`:

\`\`\`bash
curl -sS -H 'x-api-key: lk_YOUR_KEY' \\
  ${DOCUMENTED_ADDRESS}/api/v1/auth/me
\`\`\`

- **Keys** are made by people, on the page under *Settings → Team → API Keys*, and sent in the header \`x-api-key\`: never in the address, nor in the code of a page. A key does what was chosen for it and what its creator's role holds at the moment of the call.
- **Errors** are problem details (RFC 9457) with a stable \`code\`, a \`detail\` that says what to do, and a \`type\` that leads to [its page](${DOCUMENTED_ADDRESS}/docs/errors). Report the \`requestId\`, which is in the header \`x-request-id\` of every answer.
- **Lists** come in pages: \`limit\` rows, then \`page.nextCursor\` as \`cursor\`, or the address in \`Link\`, until \`hasMore\` is false.
- **Limits**: \`RateLimit\` says how many calls are left. After a 429 or 503, wait as long as \`Retry-After\` says.
- **Unknown** parameters and body fields are refused, so that a typing mistake is never ignored. Be lenient in turn: answers may get new fields.
- A path that is not below is 404, a method that a path does not have is 405 with \`Allow\`; what is not HTTP is 400 or 431 (headers over 16 KiB), and a body over 64 KiB is 413.`;

const TAGS = [
  { name: "Authentication", description: "Whether a key works, and as whom." },
  { name: "Billing", description: "The team's plan, and what is used of it." },
  { name: "Members", description: "Who is in the team." },
  { name: "API keys", description: "The team's keys. Making and revoking them is for signed-in people." },
  { name: "Audit log", description: "Who changed what." },
  { name: "Backoffice", description: "For super admins, in a session." },
  { name: "Documentation", description: "What you read here, for programs and for people." },
];

/** The contract as OpenAPI 3.1. It names the address of a local server; `openApiText` puts another in its place. */
export function openApiDocument(app: RestApp) {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Latchkey",
      version: "1",
      description: INTRODUCTION,
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
    },
    servers: [{ url: DOCUMENTED_ADDRESS }],
    tags: TAGS,
  });
  showExamples(document);
  return document;
}

/** What all routes refer to, and what is answered where there is none. */
export function registerComponents({ openAPIRegistry: registry }: RestApp): void {
  registry.registerComponent("securitySchemes", "apiKey", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    description: "A key of the team.",
  });
  registry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "latchkey.session_token",
    description: "Set by signing in. Writing needs an `Origin` header too, which browsers send by themselves.",
  });
  for (const [name, header] of Object.entries(HEADER_COMPONENTS)) registry.registerComponent("headers", name, header);
  for (const code of Object.keys(ERRORS) as ErrorCode[])
    registry.registerComponent("examples", code, { summary: ERRORS[code].title, value: problemExample(code) });

  registry.register("Problem", problemSchema);
  registerAnswer("NoSuchPath", "not_found", {});
  registerAnswer("NoSuchMethod", "method_not_allowed", { Allow: refToHeader("Allow") });
  registerAnswer("NotHttp", "malformed_request", {});
  registerAnswer("HeaderTooLarge", "header_too_large", {});

  function registerAnswer(name: string, code: ErrorCode, headers: object): void {
    const { description, content } = problemResponse([code]);
    const { examples } = content["application/problem+json"];
    registry.registerComponent("responses", name, {
      description,
      headers: { "X-Request-Id": refToHeader("RequestId"), ...headers },
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" }, examples } },
    });
  }
}

interface Answer {
  readonly content?: Readonly<Record<string, { schema?: object; example?: unknown; examples?: unknown }>>;
}

/** Gives every answer in JSON the example that its schema carries: tools show that of the answer alone. */
function showExamples({ paths, components }: ReturnType<RestApp["getOpenAPI31Document"]>): void {
  const schemas = (components?.schemas ?? {}) as Schemas;
  for (const item of Object.values(paths ?? {})) {
    for (const operation of Object.values(item) as { responses?: Record<string, Answer> }[]) {
      for (const { content } of Object.values(operation.responses ?? {})) {
        const json = content?.["application/json"];
        if (json?.schema === undefined || json.example !== undefined || json.examples !== undefined) continue;
        json.example = exampleOf(json.schema, schemas);
      }
    }
  }
}

/** The document as text, with the address of a server. */
export function openApiText(document: object, publicUrl: string): string {
  return JSON.stringify(document).replaceAll(DOCUMENTED_ADDRESS, publicUrl);
}
