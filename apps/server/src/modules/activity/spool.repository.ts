import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { CallRow } from "./call.ts";

export interface SpooledCalls {
  readonly rows: readonly CallRow[];
  /** When all of them are stored. */
  forget(): Promise<void>;
}

/** Where calls wait for the next start when a server has to end while the database is away. */
export interface Spool {
  /** On the disk when it resolves. */
  write(rows: readonly CallRow[]): Promise<void>;
  /** What servers left here, a file at a time. Two that read the same file store it once: the rows have ids. */
  read(): AsyncIterable<SpooledCalls>;
}

const COMPLETE = ".jsonl";
const PARTIAL = ".partial";
/** A server that writes does so within seconds. What is older was left by one that was killed. */
const ABANDONED_MILLISECONDS = 60_000;

const callRow: z.ZodType<CallRow> = z.object({
  at: z.number(),
  requestId: z.string(),
  teamId: z.string().nullable(),
  userId: z.string(),
  keyId: z.string().nullable(),
  method: z.string(),
  operation: z.string(),
  status: z.number(),
  code: z.string().nullable(),
  // Servers before this column left none.
  requiredPermission: z.string().nullable().default(null),
  durationUs: z.number(),
  ip: z.string(),
  calls: z.number(),
});

/** One JSON object a line, for the server's own user only. Several servers may share the folder. */
export function createSpool(folder: string): Spool {
  return {
    async write(rows) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${Date.now()}-${process.pid}-${randomBytes(4).toString("hex")}`);
      const file = await open(path + PARTIAL, "wx", 0o600);
      try {
        await file.writeFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(path + PARTIAL, path + COMPLETE);
      await syncFolder(folder);
    },

    async *read() {
      for (const name of await filesIn(folder)) {
        const path = join(folder, name);
        const text = await unlessGone(readFile(path, "utf8"));
        if (text !== null) yield { rows: parse(text), forget: () => rm(path, { force: true }) };
      }
    },
  };
}

async function filesIn(folder: string): Promise<string[]> {
  const names = ((await unlessGone(readdir(folder))) ?? []).toSorted();
  const isOurs = async (name: string) => {
    if (!name.endsWith(PARTIAL)) return name.endsWith(COMPLETE);
    const about = await unlessGone(stat(join(folder, name)));
    return about !== null && Date.now() - about.mtimeMs > ABANDONED_MILLISECONDS;
  };
  const verdicts = await Promise.all(names.map(isOurs));
  return names.filter((_, index) => verdicts[index]);
}

/** The last line of a file whose server was killed may be cut off. */
function parse(text: string): CallRow[] {
  // Of a row that stands for several calls the later one knows them all.
  const rows = new Map<string, CallRow>();
  for (const line of text.split("\n")) {
    const row = line === "" ? null : parseLine(line);
    if (row !== null && row.calls >= (rows.get(row.requestId)?.calls ?? 0)) rows.set(row.requestId, row);
  }
  return [...rows.values()];
}

function parseLine(line: string): CallRow | null {
  try {
    return callRow.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** So that the name is on the disk as well. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessGone<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
