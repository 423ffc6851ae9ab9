import { z } from "@hono/zod-openapi";
import { EXPORT_FORMATS, type ExportFormat } from "@latchkey/types/export-formats";
import { InvalidInputError } from "../domain-error.ts";
import { csvRecord, type CsvValue } from "./csv.ts";

// A list as a file: as many rows as there are, in the memory of one batch.

const MEDIA_TYPES = { csv: "text/csv", ndjson: "application/x-ndjson" } as const satisfies Record<ExportFormat, string>;

/** One column of the CSV file: its heading, and what stands in it. */
export interface ExportColumn<Row> {
  readonly name: string;
  readonly value: (row: Row) => CsvValue;
}

interface Export<Row> {
  readonly format: ExportFormat;
  /** Without its ending. */
  readonly filename: string;
  /** Asked for the next batch only when the reader has taken the one before. */
  readonly batches: AsyncIterable<readonly Row[]>;
  readonly columns: readonly ExportColumn<Row>[];
  readonly toJson: (row: Row) => object;
  /** The file cannot be finished: the reader sees a broken connection, never a shorter file. */
  readonly onFailure: (error: unknown) => void;
}

/** Which file the caller asks for; null: none, so the list as JSON. The first of those they like best. */
export function exportFormatOf(accept: string | undefined): ExportFormat | null {
  const wishes = (accept ?? "").split(",").map((part) => {
    const [mediaType = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    return { mediaType, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  const liked = wishes.filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality);
  for (const { mediaType } of liked) {
    if (mediaType === "application/json" || mediaType === "*/*") return null;
    const format = EXPORT_FORMATS.find((candidate) => MEDIA_TYPES[candidate] === mediaType);
    if (format !== undefined) return format;
  }
  return null;
}

export function exportResponse<Row>({ format, filename, ...source }: Export<Row>): Response {
  const parameter = format === "csv" ? "; charset=utf-8; header=present" : "; charset=utf-8";
  return new Response(streamOf(format, source), {
    headers: {
      "content-type": `${MEDIA_TYPES[format]}${parameter}`,
      "content-disposition": `attachment; filename="${filename}.${format}"`,
    },
  });
}

function streamOf<Row>(
  format: ExportFormat,
  { batches, columns, toJson, onFailure }: Omit<Export<Row>, "format" | "filename">,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const rows = batches[Symbol.asyncIterator]();
  const lineOf = (row: Row) =>
    format === "csv" ? csvRecord(columns.map(({ value }) => value(row))) : `${JSON.stringify(toJson(row))}\n`;
  let isBegun = format !== "csv";
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!isBegun) {
          isBegun = true;
          controller.enqueue(encoder.encode(csvRecord(columns.map(({ name }) => name))));
          return;
        }
        try {
          const { value, done } = await rows.next();
          if (done === true) controller.close();
          else controller.enqueue(encoder.encode(value.map(lineOf).join("")));
        } catch (error) {
          onFailure(error);
          controller.error(error);
        }
      },
      // Whoever goes away early leaves nothing running.
      cancel: async () => void (await rows.return?.()),
    },
    // Nothing is read ahead of the reader.
    { highWaterMark: 0 },
  );
}

/** What an export's route answers besides its list, for the document. */
export function exportContent(row: z.ZodType, csvExample: string, ndjsonExample: object) {
  return {
    [MEDIA_TYPES.csv]: {
      schema: z.string().openapi({ description: "RFC 4180, with a header line." }),
      example: csvExample,
    },
    [MEDIA_TYPES.ndjson]: { schema: row, example: ndjsonExample },
  };
}

/** A file has every row: whoever asks for a page of one means something else. */
export function assertNoPages(paging: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(paging).filter((name) => paging[name] !== undefined);
  if (given.length === 0) return;
  const message = "A file has all rows. Leave this out, or ask for application/json.";
  throw new InvalidInputError(given.map((name) => ({ path: [name], message })));
}
