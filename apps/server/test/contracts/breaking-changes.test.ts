import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { breakingRestChanges, breakingSchemaChanges } from "./breaking-changes.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const contractIn = (folder: string) => ({
  schema: read(`${folder}/schema.graphql`),
  rest: read(`${folder}/openapi.json`),
});
const released = contractIn("apps/server/released");
/** Another test compares these with what the code prints. */
const current = contractIn("apps/server");

test("nothing that was released is taken away without the changelog saying so", () => {
  const changes = [
    ...breakingSchemaChanges(released.schema, current.schema),
    ...breakingRestChanges(JSON.parse(released.rest), JSON.parse(current.rest)),
  ];
  const changelog = read("CHANGELOG.md");
  expect(changes.filter((change) => !changelog.includes(change))).toEqual([]);
});

test("a field of GraphQL that goes is found", () => {
  const without = released.schema.replace(/^ {2}refusedSinceRevocation: /m, "  refused: ");
  expect(breakingSchemaChanges(released.schema, without)).toEqual([
    expect.stringContaining("ApiKey.refusedSinceRevocation"),
  ]);
});

test.each([
  ["a route that goes", '/api-keys/{id}"', '/keys/{id}"', "gone: GET /api/v1/api-keys/{id}"],
  [
    "a field that goes",
    '"lastUsedIp"',
    '"lastUsedAddress"',
    "gone: GET /api/v1/api-keys/{id} 200 .lastUsedIp (null or string)",
  ],
  [
    "a parameter that goes",
    '"name": "unusedForDays"',
    '"name": "unused"',
    "gone: GET /api/v1/api-keys query parameter unusedForDays",
  ],
])("%s from REST is found", (_what, from, to, change) => {
  const changed = released.rest.replaceAll(from, to);
  expect(breakingRestChanges(JSON.parse(released.rest), JSON.parse(changed))).toContain(change);
});

test("an input of REST that becomes required is found", () => {
  const before = { paths: { "/x": { post: bodyOf([]) } } };
  const after = { paths: { "/x": { post: bodyOf(["name"]) } } };
  expect(breakingRestChanges(before, after)).toEqual(["now required: POST /x body .name"]);
  expect(breakingRestChanges(after, before)).toEqual([]);
});

function bodyOf(required: string[]) {
  const schema = { type: "object", properties: { name: { type: "string" } }, required };
  return { requestBody: { content: { "application/json": { schema } } }, responses: {} };
}
