import { buildStalePage } from "../scripts/generate-stale.ts";
import { findChromium } from "./chromium.ts";
import { endProducts, startProduct } from "./product.ts";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The path of a Chromium that starts. */
    chromium: string;
    /** A DATA_DIR with the demo, whose server has stopped: to be copied. */
    seededDataDir: string;
  }
}

/** What every file needs: the page built, a browser, which may have to be downloaded, and a demo to start from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildStalePage();
  project.provide("chromium", await findChromium());
  const seeding = await startProduct();
  await seeding.stop();
  project.provide("seededDataDir", seeding.dataDir);
  return endProducts;
}
