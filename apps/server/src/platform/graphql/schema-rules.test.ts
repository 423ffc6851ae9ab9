import {
  getNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLNamedType,
} from "graphql";
import { expect, test } from "vitest";
import { printedSchema } from "./printed-schema.ts";
import { schema, signedInSchema } from "./schema.ts";

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

/** Every type, field, argument, input field and enum value, by its path. */
function* elements(type: GraphQLNamedType): Generator<[path: string, description: string | null | undefined]> {
  yield [type.name, type.description];
  if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description];
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field.description];
  if (!isObjectType(type) && !isInterfaceType(type)) return;
  for (const field of Object.values(type.getFields())) {
    yield [`${type.name}.${field.name}`, field.description];
    for (const argument of field.args) yield [`${type.name}.${field.name}(${argument.name})`, argument.description];
  }
}

interface PothosOptions {
  readonly authScopes?: { readonly public?: boolean; readonly session?: boolean };
}
const optionsOf = (element: { extensions: unknown }): PothosOptions =>
  (element.extensions as { pothosOptions?: PothosOptions }).pothosOptions ?? {};

test("every type, field, argument and enum value is described", () => {
  const undescribed = types
    .flatMap((type) => [...elements(type)])
    .filter(([, description]) => !description?.trim())
    .map(([path]) => path);
  expect(undescribed).toEqual([]);
});

test("a team's Subscription is no root of GraphQL subscriptions, of which there are none", () => {
  expect(schema.getSubscriptionType() ?? null).toBeNull();
  expect(printedSchema).toMatch(/^schema \{\n {2}query: Query\n {2}mutation: Mutation\n\}$/m);
});

test("every type declares who may reach it; only viewer and plans may be public", () => {
  const undeclared: string[] = [];
  const open: string[] = [];
  for (const type of types) {
    if (!isObjectType(type)) continue;
    const isRoot = type === schema.getQueryType() || type === schema.getMutationType();
    const reached = isRoot ? Object.values(type.getFields()) : [type];
    for (const element of reached) {
      const name = isRoot ? `${type.name}.${element.name}` : type.name;
      const scopes = optionsOf(element).authScopes;
      if (scopes === undefined) undeclared.push(name);
      if (scopes?.public) open.push(name);
    }
  }
  expect(undeclared).toEqual([]);
  expect(open).toEqual(["Plan", "Query.plans", "Query.viewer"]);
});

test("every scope is one that each session meets, so that signed-in requests may go without the question", () => {
  const declared = types.flatMap((type) => [
    optionsOf(type).authScopes,
    ...(isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).map((field) => optionsOf(field).authScopes)
      : []),
  ]);
  const kinds = new Set(declared.filter((scopes) => scopes !== undefined).map((scopes) => JSON.stringify(scopes)));
  expect([...kinds].toSorted()).toEqual(['{"public":true}', '{"session":true}']);
});

test("what signed-in requests are answered by is the same schema", () => {
  expect(printSchema(lexicographicSortSchema(signedInSchema))).toBe(printedSchema.trimEnd());
});

test("there is no node field, and no type that holds a secret but the payload that hands it out", () => {
  expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).not.toContain("node");
  const secretive = types
    .flatMap((type) => [...elements(type)])
    .map(([path]) => path)
    .filter((path) => /secret|hash|pepper|token|password|\.key$/i.test(path));
  expect(secretive).toEqual(["CreateApiKeyPayload.key"]);
});

/** A field of rows that Prisma loads by itself: past our services, and so past every policy. */
function relationsOf(of: readonly GraphQLNamedType[]): string[] {
  return of.flatMap((type) => {
    if (!isObjectType(type) || type.extensions["pothosPrismaModel"] === undefined) return [];
    return Object.values(type.getFields())
      .filter((field) => !isLeafType(getNamedType(field.type)) || "pothosPrismaRelationField" in field.extensions)
      .map((field) => `${type.name}.${field.name}`);
  });
}

/** Not by Prisma: their resolvers ask a service, which decides. */
const LOADED_BY_A_SERVICE = ["Team.backoffice"];

test("no field loads rows past the services: what Prisma loads shows its own columns only", () => {
  expect(types.some((type) => type.extensions["pothosPrismaModel"] !== undefined)).toBe(true);
  expect(relationsOf(types)).toEqual(LOADED_BY_A_SERVICE);
});

test("a planted relation is found", () => {
  const row = new GraphQLObjectType({ name: "Row", fields: { name: { type: GraphQLString } } });
  const planted = new GraphQLObjectType({
    name: "Planted",
    extensions: { pothosPrismaModel: "Team" },
    fields: { name: { type: GraphQLString }, members: { type: row } },
  });
  expect(relationsOf(Object.values(new GraphQLSchema({ types: [planted] }).getTypeMap()))).toEqual(["Planted.members"]);
});
