import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A secret to look for, under the name that a finding is told with: the secret itself is never printed. */
export interface SoughtSecret {
  readonly name: string;
  readonly secret: string;
}

export interface Trace {
  readonly name: string;
  readonly encoding: string;
  readonly place: string;
}

interface Needle {
  readonly encoding: string;
  readonly text: string;
}

/**
 * What each half of a secret looks like as it is, in base64, in hex and percent-encoded. Either half would be most of
 * the way to the whole, and whoever finds no half has not missed the whole.
 */
function needlesOf(secret: string): readonly Needle[] {
  const middle = Math.floor(secret.length / 2);
  const halves = [secret.slice(0, middle), secret.slice(middle)];
  return halves.flatMap((half) => {
    const hex = Buffer.from(half).toString("hex");
    const percent = hex.replaceAll(/../g, "%$&");
    return [
      { encoding: "plain", text: half },
      ...base64Forms(half).map((text) => ({ encoding: "base64", text })),
      { encoding: "hex", text: hex },
      { encoding: "hex", text: hex.toUpperCase() },
      { encoding: "percent", text: percent },
      { encoding: "percent", text: percent.toUpperCase() },
    ];
  });
}

/** Base64 of a text depends on where in the encoded bytes it starts; its outer characters also on its neighbours. */
function base64Forms(text: string): string[] {
  const forms = [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor((bytes.length * 8) / 6);
    return [bytes.toString("base64").slice(first, last), bytes.toString("base64url").slice(first, last)];
  });
  return [...new Set(forms)];
}

/** Where the secrets are found in this content: once per secret and encoding. */
export function tracesIn(content: Buffer | string, place: string, sought: readonly SoughtSecret[]): Trace[] {
  return sought.flatMap(({ name, secret }) => {
    const encodings = needlesOf(secret).filter(({ text }) => content.includes(text));
    return [...new Set(encodings.map(({ encoding }) => encoding))].map((encoding) => ({ name, encoding, place }));
  });
}

/** The same over every file under a folder, and over the files' names. */
export async function tracesInFolder(folder: string, sought: readonly SoughtSecret[]): Promise<Trace[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const traces = tracesIn(entries.map(({ name }) => name).join("\n"), "file names", sought);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    traces.push(...tracesIn(await readFile(file), file, sought));
  }
  return traces;
}
