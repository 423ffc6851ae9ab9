import fc from "fast-check";
import {
  buildSchema,
  execute,
  getNamedType,
  isLeafType,
  isObjectType,
  parse,
  validate,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";
import { describe, expect, test } from "vitest";
import { compileQuery, type CompiledOutcome, type CompiledQuery } from "./compiled-query.ts";

const TYPES = `
  enum Colour { RED GREEN }
  interface Named { name: String! }
  union Thing = Box | Lid
  type Lid implements Named { name: String!, box: Box }
  type Box implements Named {
    id: ID!, name: String!, size: Int, ratio: Float, isOpen: Boolean, colour: Colour
    words: [String!]!, notes: [String], lids: [Lid!]!, maybe: [Lid], inner: Box, late: Box, lateWord: String
    scaled(by: Int = 2, plus: [Int!]): Int
    anything: Thing
  }
  type Query { box: Box, boxes(first: Int = 2): [Box!]!, count: Int!, named: Named }
  type Mutation { box: Box }
`;

/** All that JSON escapes, and halves of characters. */
const TROUBLE = `${Array.from({ length: 0x30 }, (_, code) => String.fromCharCode(code)).join("")}\\\u007f\u2028é😀\ud83d \ude00`;

/** Rows with gaps, promises, and, where told, failures. */
function rootOf(failing: boolean) {
  const lid = { name: "lid", box: null };
  const box = (depth: number): object => ({
    id: 7,
    name: failing ? null : `box "${depth}"\n`,
    size: depth === 0 ? null : depth,
    ratio: 1.5,
    isOpen: depth % 2 === 0,
    colour: "GREEN",
    words: ["a", "b", TROUBLE],
    notes: [null, "n"],
    lids: [lid, lid],
    maybe: [lid, null],
    inner: depth === 0 ? null : box(depth - 1),
    late: async () => (depth === 0 ? null : box(depth - 1)),
    lateWord: async () => {
      if (failing) throw new Error("late");
      return "late";
    },
    anything: { __typename: "Lid", ...lid },
  });
  return { box: box(2), boxes: [box(1), box(0)], count: 3, named: { __typename: "Lid", ...lid } };
}

function schemaOver(root: ReturnType<typeof rootOf>): GraphQLSchema {
  const schema = buildSchema(TYPES);
  const fieldsOf = (name: string) => (schema.getType(name) as GraphQLObjectType).getFields();
  for (const [name, field] of Object.entries(fieldsOf("Query")))
    field.resolve = (_root, { first = 9 }: { first?: number }) => {
      const value = root[name as keyof typeof root];
      return Array.isArray(value) ? value.slice(0, first) : value;
    };
  const box = fieldsOf("Box");
  if (box["scaled"])
    box["scaled"].resolve = ({ size }: { size: number | null }, { by, plus }: { by: number; plus?: number[] }) =>
      size === null ? null : (plus ?? []).reduce((sum, n) => sum + n, size * by);
  // What comes later is a resolver's to hand out.
  for (const name of ["late", "lateWord"]) {
    const field = box[name];
    if (field) field.resolve = (source: Record<string, () => unknown>) => source[name]?.();
  }
  return schema;
}

const plain = schemaOver(rootOf(false));

/** Selections that are valid on the type, with aliases, arguments, fragments and repetitions. */
function selections(type: GraphQLObjectType, depth: number): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const named = getNamedType(field.type);
    const argument =
      field.name === "scaled" ? fc.constantFrom("", "(by: 3)", "(by: $n, plus: [1, $n])") : fc.constant("");
    if (isLeafType(named)) return [argument.map((text) => `${field.name}${text}`)];
    if (!isObjectType(named) || depth === 0) return [];
    return [selections(named, depth - 1).map((inner) => `${field.name} { ${inner} }`)];
  });
  const one = fc.oneof(...fields, fc.constant("__typename"));
  const aliased = fc
    .tuple(fc.constantFrom("", "", "x: ", "y: ", "__proto__: "), one)
    .map(([alias, text]) => alias + text);
  const spread = one.map((text) => `... on ${type.name} { ${text} }`);
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: aliased }, { weight: 1, arbitrary: spread }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((all) => all.join(" "));
}

const queries = selections(plain.getQueryType() as GraphQLObjectType, 2).map(
  (text) => `query Q($n: Int! = 4) { ${text} ...Rest } fragment Rest on Query { count box { scaled(by: $n) words } }`,
);

function compiledFor(schema: GraphQLSchema, text: string): CompiledQuery | null {
  return compileQuery(schema, parse(text), null);
}

/** As it is sent. */
function answerOf(outcome: CompiledOutcome | undefined): string | null {
  return outcome !== undefined && "data" in outcome ? `{"data":${outcome.data}}` : null;
}

describe("a compiled query", { timeout: 30_000 }, () => {
  test("answers what GraphQL's own executor answers, byte for byte", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(queries, fc.constantFrom({}, { n: 5 }), async (text, variables) => {
        const document = parse(text);
        fc.pre(validate(plain, document).length === 0);
        const expected = await execute({ schema: plain, document, variableValues: variables });
        const outcome = await compiledFor(plain, text)?.({}, variables);
        expect(answerOf(outcome)).toBe(JSON.stringify(expected));
        compared += 1;
      }),
      { numRuns: 100 },
    );
    expect(compared).toBeGreaterThan(30);
  });

  test("is not finished where GraphQL would report an error, and leaves no rejection behind", async () => {
    const failing = schemaOver(rootOf(true));
    let met = 0;
    await fc.assert(
      fc.asyncProperty(queries, async (text) => {
        const document = parse(text);
        fc.pre(validate(failing, document).length === 0);
        const { errors, data } = await execute({ schema: failing, document });
        const outcome = await compiledFor(failing, text)?.({}, {});
        if (errors === undefined) expect(answerOf(outcome)).toBe(JSON.stringify({ data }));
        else expect(outcome).toHaveProperty("unfinished");
        met += errors === undefined ? 0 : 1;
      }),
      { numRuns: 250 },
    );
    expect(met).toBeGreaterThan(20);
  });

  test("ends without an answer for a variable of the wrong type", async () => {
    const outcome = await compiledFor(plain, "query ($n: Int!) { box { scaled(by: $n) } }")?.({}, { n: "five" });
    expect(outcome).toHaveProperty("unfinished");
  });

  test.each([
    ["a mutation", "mutation { box { id } }"],
    ["introspection", "{ __schema { queryType { name } } }"],
    ["a directive", "query ($n: Boolean!) { count @skip(if: $n) }"],
    ["an interface", "{ named { name } }"],
    ["a union", "{ box { anything { __typename } } }"],
    ["a fragment on an interface", "{ box { ... on Named { name } } }"],
    ["several operations and no name", "query A { count } query B { count }"],
  ])("there is none for %s", (_what, text) => {
    expect(validate(plain, parse(text))).toEqual([]);
    expect(compiledFor(plain, text)).toBeNull();
  });

  test("is of the operation that was named", async () => {
    const document = parse("query A { count } query B { box { id } }");
    expect(await compileQuery(plain, document, "B")?.({}, {})).toEqual({ data: '{"box":{"id":"7"}}' });
    expect(compileQuery(plain, document, "C")).toBeNull();
  });
});
