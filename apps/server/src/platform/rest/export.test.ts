import { expect, test } from "vitest";
import { csvRecord } from "./csv.ts";
import { exportFormatOf, exportResponse } from "./export.ts";

test.each([
  [undefined, null],
  ["*/*", null],
  ["application/json", null],
  ["text/html,application/xhtml+xml,*/*;q=0.8", null],
  ["text/csv", "csv"],
  ["Text/CSV; charset=utf-8", "csv"],
  ["application/x-ndjson", "ndjson"],
  ["application/json, text/csv", null],
  ["application/json;q=0.5, text/csv", "csv"],
  ["text/csv;q=0.2, application/x-ndjson;q=0.9", "ndjson"],
  ["text/csv;q=0", null],
  ["text/csv;q=nonsense", null],
])("Accept: %s is answered with %s", (accept, format) => {
  expect(exportFormatOf(accept)).toBe(format);
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "＝1", "＋1", "－1", "＠1"])(
  "%j is text in a spreadsheet, and no formula",
  (text) => {
    expect(csvRecord([text]).replace(/^"/, "")).toMatch(/^'/);
  },
);

test("a record is RFC 4180: what could end a field or a line stands in quotes, which are doubled", () => {
  expect(csvRecord(['a "b", c', "two\r\nlines", null, 3, "", new Date(0), " kept "])).toBe(
    '"a ""b"", c","two\r\nlines",,3,,1970-01-01T00:00:00.000Z," kept "\r\n',
  );
});

const A_ROW = { n: 1 };
function exportOf(batches: AsyncIterable<readonly (typeof A_ROW)[]>, failures: unknown[] = []): Response {
  return exportResponse({
    format: "ndjson",
    filename: "rows",
    batches,
    columns: [],
    toJson: (row) => row,
    onFailure: (error) => failures.push(error),
  });
}

test("nothing is read before somebody takes it, and no batch before the one before is taken", async () => {
  let read = 0;
  const batches = async function* () {
    for (; read < 10; read += 1) yield [A_ROW];
  };
  const reader = exportOf(batches()).body?.getReader();
  expect(read).toBe(0);
  await reader?.read();
  expect(read).toBe(0);
  await reader?.read();
  expect(read).toBe(1);
});

test("whoever goes away early leaves nothing running", async () => {
  let isEnded = false;
  const batches = async function* () {
    try {
      while (true) yield [A_ROW];
    } finally {
      isEnded = true;
    }
  };
  const reader = exportOf(batches()).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(isEnded).toBe(true);
});

test("a file that cannot be finished breaks off, and is never mistaken for a short one", async () => {
  const failures: unknown[] = [];
  const batches = async function* () {
    yield [A_ROW];
    throw new Error("The database went away.");
  };
  await expect(exportOf(batches(), failures).text()).rejects.toThrow("went away");
  expect(failures).toHaveLength(1);
});
