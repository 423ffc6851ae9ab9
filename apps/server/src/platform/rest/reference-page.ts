import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { serveAsset, type Asset } from "../page.ts";

// Scalar in one file, out of the package and from our own origin: the address that its makers advertise is a CDN's.
const SCRIPT = new URL("browser/standalone.js", import.meta.resolve("@scalar/api-reference"));

interface ReferenceScript {
  readonly path: string;
  readonly asset: Asset;
}

let script: Promise<ReferenceScript> | null = null;

/** Without it the script tries whether it may make code out of text, which our policy refuses and reports. */
const NO_CODE_FROM_TEXT = Buffer.from("globalThis.__zod_globalConfig = { jitless: true };\n");

/** Megabytes, for the few who open the page: read when the first one does, and kept. */
function loadScript(): Promise<ReferenceScript> {
  script ??= readFile(SCRIPT).then((file) => {
    const body = Buffer.concat([NO_CODE_FROM_TEXT, file]);
    const hash = createHash("sha256").update(body).digest("hex").slice(0, 16);
    const mediaType = "text/javascript; charset=utf-8";
    return { path: `/docs/reference-${hash}.js`, asset: { body, mediaType, isImmutable: true, isText: true } };
  });
  return script;
}

/** Null for a path that is not that of the script. */
export async function serveReferenceScript(request: Request): Promise<Response | null> {
  const { path, asset } = await loadScript();
  return new URL(request.url).pathname === path ? serveAsset(asset, request) : null;
}

/** Nothing that asks anybody else: no fonts, proxy, telemetry or assistant. What is typed in is not kept. */
const CONFIGURATION = {
  url: "/api/v1/openapi.json",
  withDefaultFonts: false,
  telemetry: false,
  persistAuth: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
  externalUrls: { dashboardUrl: "", registryUrl: "", proxyUrl: "", apiBaseUrl: "" },
  documentDownloadType: "json",
  defaultOpenAllTags: true,
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  authentication: { preferredSecurityScheme: "apiKey" },
};

/** The reference page: the document, and forms that send what is typed into them to this server. */
export async function referencePage(): Promise<string> {
  const { path } = await loadScript();
  const configuration = JSON.stringify(CONFIGURATION).replaceAll('"', "&quot;");
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>Latchkey API</title></head>
<body>
<script id="api-reference" data-configuration="${configuration}"></script>
<script src="${path}"></script>
</body>
</html>
`;
}
