import {
  defaultFieldResolver,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  GraphQLError,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { createWriteObject, forget, whenComplete, writeList, writeText, type Text } from "./json-text.ts";

// Queries as functions. GraphQL's own executor finds out anew for every row what each field is, and what may go wrong
// with it; here that is done once for a document, and the answer is written as JSON at once. Only the plain case is covered: a query over objects, lists and
// leaves, that succeeds. For every other document there is no function, and a run that meets an error ends with
// `unfinished`: GraphQL's executor then does it all, and it alone decides how an error looks. That may be done because
// a query changes nothing.

/** The whole answer as JSON, or why there is none. */
export type CompiledOutcome = { readonly data: string } | { readonly unfinished: unknown };

export type CompiledQuery = (context: object, variables: Readonly<Record<string, unknown>>) => Promise<CompiledOutcome>;

type VariableValues = NonNullable<Parameters<typeof getArgumentValues>[2]>;
type Path = GraphQLResolveInfo["path"];

/** What differs from one run of a document to the next. */
interface Run {
  readonly context: object;
  readonly variableValues: VariableValues;
}

/** A value as it goes into the answer. Throws where GraphQL would report an error. */
type Complete = (value: unknown, path: Path, run: Run) => Text;

interface FieldPlan {
  readonly key: string;
  readonly read: (source: object, path: Path | undefined, run: Run) => Text;
}

interface Document {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
}

/** Thrown while compiling: the document holds something that is GraphQL's executor's to do. */
class NotPlain extends Error {}

/** The function for a document that was validated; null when there is none for it. */
export function compileQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
): CompiledQuery | null {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const named = operations.filter(({ name }) => operationName === null || name?.value === operationName);
  const [operation, ...others] = named;
  const type = schema.getQueryType();
  if (operation === undefined || others.length > 0 || !type) return null;
  if (operation.operation !== OperationTypeNode.QUERY || (operation.directives ?? []).length > 0) return null;
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  try {
    const execute = compileObject({ schema, operation, fragments }, type, [operation.selectionSet]);
    return async (context, variables) => {
      const { variableValues, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
      if (errors !== undefined) return { unfinished: errors[0] };
      try {
        return { data: await execute({}, undefined, { context, variableValues }) };
      } catch (error) {
        return { unfinished: error };
      }
    };
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

function compileObject(document: Document, type: GraphQLObjectType, sets: readonly SelectionSetNode[]) {
  if (type.isTypeOf != null) throw new NotPlain();
  const fields: readonly FieldPlan[] = [...collectFields(document, type, sets)].map(([key, nodes]) =>
    compileField(document, type, key, nodes),
  );
  const write = createWriteObject(fields.map(({ key }) => key));
  return (source: object, path: Path | undefined, run: Run): Text => {
    const values: Text[] = [];
    try {
      for (const { read } of fields) values.push(read(source, path, run));
    } catch (error) {
      forget(values);
      throw error;
    }
    return whenComplete(values, write);
  };
}

/** By response key, in the order of the document: fields of the same key are one, with the selections of all. */
function collectFields(
  { fragments }: Document,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if ((selection.directives ?? []).length > 0) throw new NotPlain();
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        fields.set(key, [...(fields.get(key) ?? []), selection]);
        continue;
      }
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      if (isSpread && visited.has(selection.name.value)) continue;
      if (isSpread) visited.add(selection.name.value);
      const fragment = isSpread ? fragments[selection.name.value] : selection;
      if (fragment === undefined || ("variableDefinitions" in fragment && fragment.variableDefinitions?.length))
        throw new NotPlain();
      // On another type it could be an interface of this one.
      if (fragment.typeCondition !== undefined && fragment.typeCondition.name.value !== type.name) throw new NotPlain();
      collect(fragment.selectionSet);
    }
  };
  sets.forEach(collect);
  return fields;
}

function compileField(
  document: Document,
  type: GraphQLObjectType,
  key: string,
  nodes: readonly FieldNode[],
): FieldPlan {
  const [node] = nodes;
  if (node === undefined) throw new NotPlain();
  const { name } = node;
  if (name.value === "__typename") {
    const text = writeText(type.name);
    return { key, read: () => text };
  }
  const field = type.getFields()[name.value];
  // Introspection is not there.
  if (field === undefined) throw new NotPlain();
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const complete = compileType(document, field.type, sets);
  const { resolve = defaultFieldResolver } = field;
  if (resolve === defaultFieldResolver) return { key, read: readProperty(field, key, type.name, complete) };
  const argumentsOf = compileArguments(field, node);
  const describe = describeField(document, type, field, nodes);
  return {
    key,
    read: (source, parentPath, run) => {
      const path = { prev: parentPath, key, typename: type.name };
      const value: unknown = resolve(source, argumentsOf(run), run.context, describe(path, run));
      return isPromise(value) ? value.then((late) => complete(late, path, run)) : complete(value, path, run);
    },
  };
}

function readProperty({ name, type }: Property, key: string, typename: string, complete: Complete): FieldPlan["read"] {
  const isBelowLeaf = isLeafType(getNamedType(type));
  return (source, parentPath, run) => {
    const value = (source as Record<string, unknown>)[name];
    if (typeof value === "function" || isPromise(value)) throw new NotPlain();
    return complete(value, isBelowLeaf ? NOWHERE : { prev: parentPath, key, typename }, run);
  };
}

type Property = Pick<GraphQLField<unknown, unknown>, "name" | "type">;

/** Where no resolver runs any more, nobody asks for the place. */
const NOWHERE: Path = { prev: undefined, key: "", typename: undefined };

const NO_ARGUMENTS = {};

function compileArguments(field: GraphQLField<unknown, unknown>, node: FieldNode) {
  if (field.args.length === 0) return () => NO_ARGUMENTS;
  return ({ variableValues }: Run) => getArgumentValues(field, node, variableValues);
}

function describeField(
  { schema, operation, fragments }: Document,
  parentType: GraphQLObjectType,
  { name: fieldName, type: returnType }: GraphQLField<unknown, unknown>,
  fieldNodes: readonly FieldNode[],
) {
  return (path: Path, { variableValues }: Run): GraphQLResolveInfo => ({
    fieldName,
    fieldNodes,
    returnType,
    parentType,
    path,
    schema,
    fragments,
    rootValue: undefined,
    operation,
    variableValues,
    getAbortSignal: noSignal,
    getAsyncHelpers: noHelpers,
  });
}

const noSignal = () => undefined;

function noHelpers(): never {
  throw new NotPlain();
}

function compileType(document: Document, type: GraphQLOutputType, sets: readonly SelectionSetNode[]): Complete {
  if (isNonNullType(type)) return required(compileNullable(document, type.ofType, sets));
  const complete = compileNullable(document, type, sets);
  return (value, path, run) => (value == null ? "null" : complete(value, path, run));
}

/** An absence where there must be something is a bug, which GraphQL's executor is to describe. */
function required(complete: Complete): Complete {
  return (value, path, run) => {
    if (value == null) throw new GraphQLError("Cannot return null for a non-nullable field.");
    return complete(value, path, run);
  };
}

/** For a value that is there. */
function compileNullable(document: Document, type: GraphQLOutputType, sets: readonly SelectionSetNode[]): Complete {
  if (isLeafType(type)) return compileLeaf(type);
  if (isListType(type)) {
    const hasResolvers = !isLeafType(getNamedType(type));
    return compileList(compileType(document, type.ofType, sets), hasResolvers);
  }
  // Of an interface or a union only the row tells the type.
  if (!isObjectType(type)) throw new NotPlain();
  const complete = compileObject(document, type, sets);
  return (value, path, run) => complete(throwError(value) as object, path, run);
}

function compileLeaf(type: GraphQLLeafType): Complete {
  return (value) => {
    const coerced = type.coerceOutputValue(throwError(value));
    if (coerced == null) throw new GraphQLError("A leaf that is there became none.");
    return typeof coerced === "string" ? writeText(coerced) : JSON.stringify(coerced);
  };
}

function compileList(completeItem: Complete, hasResolvers: boolean): Complete {
  return (value, path, run) => {
    throwError(value);
    if (!Array.isArray(value)) throw new NotPlain();
    const items: Text[] = [];
    try {
      for (const [key, item] of value.entries()) {
        const itemPath = hasResolvers ? { prev: path, key, typename: undefined } : NOWHERE;
        items.push(
          isPromise(item) ? item.then((late) => completeItem(late, itemPath, run)) : completeItem(item, itemPath, run),
        );
      }
    } catch (error) {
      forget(items);
      throw error;
    }
    return whenComplete(items, writeList);
  };
}

/** A resolver may return an error instead of throwing it. */
function throwError(value: unknown): unknown {
  if (value instanceof Error) throw value;
  return value;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
