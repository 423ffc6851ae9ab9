// `pnpm start`: makes what has to be made first (Prisma's client, the page), then serves, in this process or in workers of it, which begin here too.
import cluster from "node:cluster";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { buildStalePage, generateStale } from "./generate-stale.ts";

const PAGE_FOLDER = join(import.meta.dirname, "../apps/admin/dist");

// The young generation stays small and the old one is collected early: a server that holds 100,000 keys then takes 336 MB
// rather than 616, and an export of a million events grows it by less than 60. It costs calls a second: a sixth of one hot key's,
// up to a third over 1,000 keys (docs/decisions/0026).
setFlagsFromString("--optimize-for-size");

// A sixth of a start is compiling. Beside the packages, where nobody else can write; where even we cannot, it does without.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/compile"));

// A worker has what its primary has made.
if (cluster.isPrimary) {
  await generateStale();
  await buildStalePage();
}
// Loaded only now: it imports what was just generated.
const [{ main }, { loadPage }] = await Promise.all([
  import("../apps/server/src/main.ts"),
  import("../apps/server/src/platform/page.ts"),
]);
await main({ openPage: async () => ({ serve: await loadPage(PAGE_FOLDER) }) });
