import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

/** Answers what no other door does: the page itself. */
export type ServePage = (request: Request) => Promise<Response>;

export interface Page {
  readonly serve: ServePage;
  /** Lets go of what it holds open; a built page holds nothing. */
  close?(): Promise<void>;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const TEXT = new Set([".css", ".html", ".js", ".json", ".svg"]);

export interface Asset {
  readonly body: Buffer<ArrayBuffer>;
  readonly mediaType: string;
  readonly isImmutable: boolean;
  readonly isText: boolean;
  /** Made once, when a browser first asks for it. */
  brotli?: Promise<Buffer<ArrayBuffer>>;
}

const compress = promisify(brotliCompress);

/**
 * Serves the folder that Vite built, from memory. Files under assets/ carry a hash in their name and are kept for good; every other
 * path is a route of the page and gets index.html, which is asked for anew each time.
 */
export async function loadPage(folder: string): Promise<ServePage> {
  const assets = await readAssets(folder);
  const index = assets.get("/index.html");
  if (index === undefined) throw new Error("The page has not been built: its index.html is missing.");

  return async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
    const { pathname } = new URL(request.url);
    const asset = assets.get(pathname);
    if (asset === undefined && extname(pathname) !== "") return new Response("Not found", { status: 404 });
    return serveAsset(asset ?? index, request);
  };
}

async function readAssets(folder: string): Promise<Map<string, Asset>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const assets = await Promise.all(
    files.map(async (file): Promise<[string, Asset]> => {
      const path = `/${relative(folder, file).split(sep).join("/")}`;
      const mediaType = MEDIA_TYPES[extname(file)] ?? "application/octet-stream";
      const isImmutable = path.startsWith("/assets/");
      return [
        path,
        { body: Buffer.from(await readFile(file)), mediaType, isImmutable, isText: TEXT.has(extname(file)) },
      ];
    }),
  );
  return new Map(assets);
}

/** A file from memory, compressed for whoever takes that. */
export async function serveAsset(asset: Asset, request: Request): Promise<Response> {
  const headers = new Headers({
    "content-type": asset.mediaType,
    "cache-control": asset.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
    vary: "accept-encoding",
  });
  const acceptsBrotli = /\bbr\b/.test(request.headers.get("accept-encoding") ?? "");
  if (!asset.isText || !acceptsBrotli) return new Response(asset.body, { headers });
  asset.brotli ??= compress(asset.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) as Promise<
    Buffer<ArrayBuffer>
  >;
  headers.set("content-encoding", "br");
  return new Response(await asset.brotli, { headers });
}
