interface Document {
  readonly paths?: Readonly<Record<string, object | undefined>>;
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The methods that the document has for a path, as an `Allow` header lists them; none: there is no such path. */
export function allowedMethods(document: Document, path: string): string[] {
  for (const [template, item] of Object.entries(document.paths ?? {})) {
    const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`);
    if (item === undefined || !pattern.test(path)) continue;
    const methods = METHODS.filter((method) => method in item).map((method) => method.toUpperCase());
    return methods.includes("GET") ? ["GET", "HEAD", ...methods.filter((method) => method !== "GET")] : methods;
  }
  return [];
}
