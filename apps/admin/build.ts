// Builds the page into dist/, all or nothing: a build that was cut off leaves the one before.
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const DIST = join(import.meta.dirname, "dist");
const UNFINISHED = join(import.meta.dirname, "dist.unfinished");

// A test run has another value, and the page would get the development builds of its libraries.
process.env["NODE_ENV"] = "production";

await build({
  configFile: join(import.meta.dirname, "vite.config.ts"),
  logLevel: "warn",
  build: { outDir: UNFINISHED, emptyOutDir: true },
});
rmSync(DIST, { recursive: true, force: true });
renameSync(UNFINISHED, DIST);
