// JSON written piece by piece, where the shape is known beforehand: without a tree of objects that is built to be read once.

/** JSON, or a promise of it. */
export type Text = string | Promise<string>;

/** All of these, written as one: at once when nothing is awaited. */
export function whenComplete(texts: Text[], write: (texts: readonly string[]) => string): Text {
  if (areThere(texts)) return write(texts);
  const awaited = texts.map(async (text) => text);
  return Promise.all(awaited).then(write);
}

function areThere(texts: readonly Text[]): texts is readonly string[] {
  for (const text of texts) if (typeof text !== "string") return false;
  return true;
}

/** Whatever becomes of them now: what they were for has failed already. */
export function forget(texts: readonly Text[]): void {
  for (const text of texts) if (typeof text !== "string") text.catch(() => undefined);
}

/** Writes the values of an object that has these keys. */
export function createWriteObject(keys: readonly string[]): (values: readonly string[]) => string {
  // `{"id":`, `,"name":` …: what stands before each value.
  const openings = keys.map((key, index) => `${index === 0 ? "{" : ","}${JSON.stringify(key)}:`);
  return (values) => {
    let text = "";
    for (let index = 0; index < openings.length; index += 1) text += `${openings[index]}${values[index]}`;
    return `${text}}`;
  };
}

export function writeList(items: readonly string[]): string {
  return `[${items.join(",")}]`;
}

/** What JSON writes as it stands: no quote, backslash or control character, and no half of a character. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

export function writeText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
