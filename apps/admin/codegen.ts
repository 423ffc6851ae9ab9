// Typed, precompiled documents for the page from the server's printed schema and the .graphql files beside the
// components. Not committed. The plugins are called directly: the command-line tool around them loads four times slower.
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { buildSchema, isAbstractType, parse, type GraphQLSchema } from "graphql";

const SOURCE = join(import.meta.dirname, "src");
const SCHEMA = join(import.meta.dirname, "../server/schema.graphql");
const OUTPUT = join(SOURCE, "generated");

const CONFIG = {
  avoidOptionals: { field: true, inputValue: false },
  defaultScalarType: "unknown",
  scalars: { ID: "string", DateTime: "string" },
  nonOptionalTypename: true,
  skipTypeNameForRoot: true,
  inlineFragmentTypes: "mask",
  enumType: "string-literal",
  optimizeDocumentNode: true,
  dedupeFragments: true,
  documentNodeImport: "@apollo/client#TypedDocumentNode",
  useTypeImports: true,
};

/** Writes src/generated/graphql.ts and src/generated/possible-types.ts. Throws when an operation does not fit the schema. */
export async function generateDocuments(schemaPath: string = SCHEMA): Promise<void> {
  const sdl = readFileSync(schemaPath, "utf8");
  const schema = buildSchema(sdl);
  const documents = globSync("**/*.graphql", { cwd: SOURCE })
    .toSorted()
    .map((path) => join(SOURCE, path))
    .map((path) => ({
      location: relative(import.meta.dirname, path),
      document: parse(readFileSync(path, "utf8")),
    }));
  const content = await codegen({
    filename: join(OUTPUT, "graphql.ts"),
    schema: parse(sdl),
    schemaAst: schema,
    documents,
    config: CONFIG,
    plugins: [{ typescriptOperations: {} }, { typedDocumentNode: {} }],
    pluginMap: { typescriptOperations, typedDocumentNode },
  });
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(join(OUTPUT, "graphql.ts"), content);
  writeFileSync(join(OUTPUT, "possible-types.ts"), possibleTypesOf(schema));
}

/** The cache needs to know which types a spread on an interface matches, because it never sees the schema. */
function possibleTypesOf(schema: GraphQLSchema): string {
  const possibleTypes = Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter(isAbstractType)
      .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  );
  return `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(possibleTypes, null, 2)};\n`;
}

if (import.meta.main) await generateDocuments();
