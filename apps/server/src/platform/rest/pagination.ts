import { z } from "@hono/zod-openapi";
import { DEFAULT_PAGE_SIZE, pageSize } from "@latchkey/types/inputs/api-key-list";
import { integerParameter } from "./query-parameters.ts";

export const limitParameter = integerParameter.pipe(pageSize).optional().openapi({
  type: "integer",
  minimum: 1,
  maximum: 100,
  default: DEFAULT_PAGE_SIZE,
  description: "How many rows a page has.",
});

export const cursorParameter = z.string().max(1_000).optional().openapi({
  description: "`page.nextCursor` of the page before, under the same filters and order.",
});

/** The envelope of every list. */
export function pageJson<Row extends z.ZodType>(row: Row) {
  return z.object({
    data: z.array(row),
    page: z.object({ nextCursor: z.string().nullable(), hasMore: z.boolean() }),
  });
}

/** `Link` to the next page: the same request with another cursor. */
export function nextLink(url: string, cursor: string): string {
  const next = new URL(url);
  next.searchParams.set("cursor", cursor);
  return `<${next.pathname}${next.search}>; rel="next"`;
}
