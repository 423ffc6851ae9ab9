import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, getNamedType, isInputObjectType, type GraphQLInputType, type GraphQLSchema } from "graphql";

// What the committed contracts let a caller do, and every place in them where a caller can name something.

const SERVER = join(import.meta.dirname, "../..");

/** An operation, such as `Mutation.removeMember` or `GET /members`, with the paths of all ids it takes. */
export interface Operation {
  readonly name: string;
  readonly ids: readonly string[];
}

export function operationsOfContract(): readonly Operation[] {
  const schema = buildSchema(readFileSync(join(SERVER, "schema.graphql"), "utf8"));
  const openapi = JSON.parse(readFileSync(join(SERVER, "openapi.json"), "utf8")) as OpenApi;
  return [...operationsOfSchema(schema), ...operationsOfRest(openapi)];
}

/** Cursors are ids too: they hold the id of a row. */
const isIdName = (name: string) => /^(id|ids|after|cursor)$|Ids?$/.test(name);

function operationsOfSchema(schema: GraphQLSchema): Operation[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({
      name: `${type?.name}.${field.name}`,
      ids: field.args.flatMap(({ name, type: argument }) => idsIn(name, argument, [])),
    })),
  );
}

function idsIn(path: string, type: GraphQLInputType, within: readonly string[]): string[] {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    if (within.includes(named.name)) return [];
    return Object.values(named.getFields()).flatMap((field) =>
      idsIn(`${path}.${field.name}`, field.type, [...within, named.name]),
    );
  }
  return named.name === "ID" || isIdName(path.split(".").at(-1) ?? "") ? [path] : [];
}

interface OpenApi {
  readonly paths: Record<string, Record<string, RestOperation>>;
}

interface RestOperation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Record<string, { readonly schema: { readonly properties?: Record<string, unknown> } }>;
  };
}

function operationsOfRest({ paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const parameters = (operation.parameters ?? []).map(({ name, in: where }) => ({
        name,
        path: `${where}.${name}`,
      }));
      const body = operation.requestBody?.content["application/json"]?.schema.properties ?? {};
      const fields = Object.keys(body).map((name) => ({ name, path: `body.${name}` }));
      return {
        name: `${method.toUpperCase()} ${path.replace("/api/v1", "") || "/"}`,
        ids: [...parameters, ...fields].filter(({ name }) => isIdName(name)).map(({ path: place }) => place),
      };
    }),
  );
}
