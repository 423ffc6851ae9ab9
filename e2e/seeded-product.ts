import { inject } from "vitest";
import { newDataDir, startProduct, type LaunchOptions, type Product } from "./product.ts";

/** A product as after its second start: with the demo, from a copy of a folder that was seeded once for all files. */
export async function startSeededProduct(options: Omit<LaunchOptions, "dataDir"> = {}): Promise<Product> {
  return startProduct({ ...options, dataDir: await newDataDir(inject("seededDataDir")) });
}
