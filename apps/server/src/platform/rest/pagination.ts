import { z } from "@hono/zod-openapi";
import { DEFAULT_PAGE_SIZE, pageSize } from "@latchkey/types/inputs/api-key-list";
import { InvalidInputError } from "../domain-error.ts";
import { integerParameter, textParameter } from "./query-parameters.ts";
import { refToHeader } from "./response-headers.ts";

export const limitParameter = integerParameter.pipe(pageSize).optional().openapi({
  type: "integer",
  minimum: 1,
  maximum: 100,
  default: DEFAULT_PAGE_SIZE,
  description: "How many rows a page has.",
});

export const cursorParameter = textParameter.max(1_000).optional().openapi({
  description: "`page.nextCursor` of the page before, under the same filters and order.",
});

/** The envelope of every list; `more` is what else is told of a page. */
export function pageJson<Row extends z.ZodType, More extends z.ZodRawShape = Record<never, never>>(
  row: Row,
  more: { readonly shape: More; readonly example: object } = { shape: {} as More, example: {} },
) {
  return z.object({
    data: z.array(row),
    page: z
      .object({ nextCursor: z.string().nullable(), hasMore: z.boolean(), ...more.shape })
      .openapi({ example: { nextCursor: "WyJhIl0", hasMore: true, ...more.example } as never }),
  });
}

/** Of the answer with a page, for the document. */
export const PAGE_HEADERS = { Link: refToHeader("NextPage") };

/** `Link` to the next page: the same request with another cursor. */
export function nextLink(url: string, cursor: string): string {
  const next = new URL(url);
  next.searchParams.set("cursor", cursor);
  return `<${next.pathname}${next.search}>; rel="next"`;
}

/** Services speak of inputs as GraphQL names them; a caller of REST is told the name that they sent. */
export async function withOurName<Result>(theirs: string, ours: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(
      error.fields.map(({ path, message }) => ({ path: path.map((name) => (name === theirs ? ours : name)), message })),
    );
  }
}
