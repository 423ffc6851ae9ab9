import { buildStalePage } from "../scripts/generate-stale.ts";
import { findChromium } from "./chromium.ts";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The path of a Chromium that starts. */
    chromium: string;
  }
}

/** The page, which the first start would have to build, and the browser, which may have to be downloaded. */
export default async function setup(project: TestProject): Promise<void> {
  await buildStalePage();
  project.provide("chromium", await findChromium());
}
