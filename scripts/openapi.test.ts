import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

// What an integrator may rely on in the committed document, whatever routes there are.

const ROOT = join(import.meta.dirname, "..");
const FILE = "apps/server/openapi.json";

interface MediaType {
  readonly schema: { readonly $ref?: string; readonly additionalProperties?: unknown };
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref?: string }>>;
}

interface Answer {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

const document = JSON.parse(readFileSync(join(ROOT, FILE), "utf8")) as {
  paths: Record<string, Record<string, Operation>>;
  components: { examples: Record<string, { value: { code: string; status: number } }> };
};
const OPERATIONS = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const ANSWERS = OPERATIONS.flatMap(({ operationId, security, responses }) =>
  Object.entries(responses).map(([status, answer]) => ({
    place: `${operationId} ${status}`,
    security,
    status,
    answer,
  })),
);
const placesWhere = (isWrong: (answer: (typeof ANSWERS)[number]) => boolean) =>
  ANSWERS.filter(isWrong).map(({ place }) => place);

test("the linter finds nothing to say about it", async () => {
  const command = [fileURLToPath(import.meta.resolve("@redocly/cli/bin/cli.js")), "lint", FILE, "--format", "json"];
  const quiet = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    cwd: ROOT,
    env: { ...process.env, ...quiet },
  });
  expect((JSON.parse(stdout) as { problems: unknown[] }).problems).toEqual([]);
}, 60_000);

test("every answer with a body shows an example, every error one of each of its codes", () => {
  const withoutExample = placesWhere(({ answer }) =>
    Object.values(answer.content ?? {}).some(
      ({ example, examples }) => example === undefined && examples === undefined,
    ),
  );
  expect(withoutExample).toEqual([]);
  for (const { place, status, answer } of ANSWERS) {
    const examples = Object.values(answer.content?.["application/problem+json"]?.examples ?? {});
    const named = examples.map(({ $ref = "" }) => document.components.examples[$ref.split("/").at(-1) ?? ""]?.value);
    expect(
      named.map((value) => String(value?.status)),
      place,
    ).toEqual(named.map(() => status));
  }
});

test("every body shows an example, and takes no unknown field", () => {
  const bodies = OPERATIONS.flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}));
  expect(bodies.length).toBeGreaterThan(1);
  expect(bodies.filter(({ example }) => example === undefined)).toEqual([]);
  expect(bodies.filter(({ schema }) => schema.additionalProperties !== false)).toEqual([]);
});

test("every parameter says what it is for", () => {
  const silent = OPERATIONS.flatMap(({ operationId, parameters = [] }) =>
    parameters.filter(({ description }) => !description).map(({ name }) => `${operationId} ${name}`),
  );
  expect(silent).toEqual([]);
});

test("every answer describes its headers", () => {
  const lacks = (header: string, isDue: (one: (typeof ANSWERS)[number]) => boolean) =>
    placesWhere((one) => isDue(one) && !(header in (one.answer.headers ?? {})));
  expect(lacks("X-Request-Id", () => true)).toEqual([]);
  expect(lacks("WWW-Authenticate", ({ status }) => status === "401")).toEqual([]);
  expect(lacks("Retry-After", ({ status }) => status === "429" || status === "503")).toEqual([]);
  for (const header of ["RateLimit", "RateLimit-Policy"])
    expect(lacks(header, ({ status, security }) => security.length > 0 && status !== "401")).toEqual([]);
  const isPage = ({ status, answer }: (typeof ANSWERS)[number]) =>
    status === "200" && JSON.stringify(answer.content).includes('"nextCursor"');
  expect(lacks("Link", isPage)).toEqual([]);
  expect(ANSWERS.filter(isPage).length).toBeGreaterThan(1);
});
