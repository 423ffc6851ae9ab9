// What a change of the printed contracts would take from those who use them. `apps/server/released` holds the contracts
// as they were last handed out; CHANGELOG.md has to announce whatever is taken from them.
import { buildSchema, findBreakingChanges } from "graphql";

type Json = { readonly [key: string]: unknown };

const METHODS = ["get", "post", "put", "patch", "delete"];

export function breakingSchemaChanges(released: string, current: string): string[] {
  return findBreakingChanges(buildSchema(released), buildSchema(current)).map(({ description }) => description);
}

/** Routes, parameters, statuses and fields that went, types that changed, and inputs that became required. */
export function breakingRestChanges(released: Json, current: Json): string[] {
  const [before, now] = [surfaceOf(released), surfaceOf(current)];
  return [
    ...[...before.promises].filter((promise) => !now.promises.has(promise)).map((promise) => `gone: ${promise}`),
    ...[...now.demands]
      .filter((demand) => !before.demands.has(demand) && before.promises.has(operationOf(demand)))
      .map((demand) => `now required: ${demand}`),
  ];
}

interface Surface {
  /** What a caller may rely on, a line each. */
  readonly promises: Set<string>;
  /** What a caller has to send. */
  readonly demands: Set<string>;
}

function surfaceOf(document: Json): Surface {
  const surface: Surface = { promises: new Set(), demands: new Set() };
  for (const [path, operations] of entries(document["paths"])) {
    for (const method of METHODS) {
      const operation = field(operations, method);
      if (operation !== undefined) addOperation(surface, document, `${method.toUpperCase()} ${path}`, operation);
    }
  }
  return surface;
}

function addOperation({ promises, demands }: Surface, document: Json, name: string, operation: unknown): void {
  promises.add(name);
  for (const parameter of list(field(operation, "parameters")).map((one) => resolve(document, one))) {
    const place = `${name} ${String(field(parameter, "in"))} parameter ${String(field(parameter, "name"))}`;
    promises.add(place);
    if (field(parameter, "required") === true) demands.add(place);
  }
  const body = resolve(document, field(operation, "requestBody"));
  for (const [, { place, isRequired }] of fieldsOf(document, jsonSchema(body), `${name} body `)) {
    promises.add(place);
    if (isRequired) demands.add(place);
  }
  for (const [status, response] of entries(field(operation, "responses"))) {
    if (!status.startsWith("2")) continue;
    promises.add(`${name} ${status}`);
    const schema = jsonSchema(resolve(document, response));
    for (const [, { place, type }] of fieldsOf(document, schema, `${name} ${status} `)) promises.add(`${place}${type}`);
  }
}

/** Method and path, with which each line begins. What a new route asks for takes nothing from anybody. */
function operationOf(line: string): string {
  return line.split(" ").slice(0, 2).join(" ");
}

function jsonSchema(holder: unknown): unknown {
  return field(field(field(holder, "content"), "application/json"), "schema");
}

interface Field {
  readonly place: string;
  readonly isRequired: boolean;
  /** As words behind the place; empty where it is a choice of several. */
  readonly type: string;
}

/** Every field below a schema, through objects, arrays and choices; by its place. */
function fieldsOf(document: Json, schema: unknown, place: string): Map<string, Field> {
  const found = new Map<string, Field>();
  const visit = (unresolved: unknown, here: string) => {
    const given = resolve(document, unresolved);
    for (const choice of ["anyOf", "oneOf", "allOf"]) for (const one of list(field(given, choice))) visit(one, here);
    if (field(given, "items") !== undefined) visit(field(given, "items"), `${here}[]`);
    const required = list(field(given, "required"));
    for (const [name, value] of entries(field(given, "properties"))) {
      const there = `${here}.${name}`;
      const types = list(field(resolve(document, value), "type"));
      const type = types.length === 0 ? "" : ` (${types.map(String).toSorted().join(" or ")})`;
      found.set(there, { place: there, isRequired: required.includes(name), type });
      visit(value, there);
    }
  };
  visit(schema, place);
  return found;
}

function resolve(document: Json, value: unknown): unknown {
  const reference = field(value, "$ref");
  if (typeof reference !== "string") return value;
  const steps = reference.replace("#/", "").split("/");
  return steps.reduce<unknown>((at, step) => field(at, step), document);
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Json)[name] : undefined;
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** One thing is a list of one, as with `type` in JSON Schema. */
function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
