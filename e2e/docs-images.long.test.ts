import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dialog, openApiKeysOf, rowOf } from "./api-keys-page.ts";
import { newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, signIn, type Session } from "./client.ts";
import { pictureForDocs } from "./docs-images.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

// The pictures of the documentation, of the demo. `UPDATE_IMAGES=1 pnpm test:long docs-images` takes them anew.

useBrowser();
let product: Product;
let owner: Session;
beforeAll(async () => {
  product = await startSeededProduct();
  owner = await signIn(product, "owner@acme.example");
});
afterAll(endProducts);

const SIZE = { width: 1280, height: 720 };
const openPage = async (): Promise<Page> => openApiKeysOf(await newVisitor(product, { viewport: SIZE }), owner);

test("the list of keys", async () => {
  const page = await openPage();
  await rowOf(page, "BI dashboard 2026-Q4").waitFor();
  await pictureForDocs(page, "api-keys");
});

test("a key's drawer, with its use and why calls were refused", async () => {
  const page = await openPage();
  await page.getByRole("link", { name: "Warehouse sync", exact: true }).click();
  await dialog(page).getByRole("tab", { name: "Usage" }).click();
  await dialog(page).getByText("30 days", { exact: true }).click();
  await dialog(page)
    .getByRole("img", { name: /calls in 30 days/ })
    .waitFor();
  await pictureForDocs(page, "key-drawer");
});

test("the audit log, with an event opened", async () => {
  const { id, secret } = await owner.createKey("Campaign export", ["analytics:read", "reports:read"]);
  await callWithKey(product, secret);
  await owner.revokeKey(id);
  const page = await openPage();
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByRole("button", { name: "Olivia Owner revoked the key Campaign export" }).click();
  await page.getByRole("row", { name: "Status ACTIVE REVOKED" }).waitFor();
  await pictureForDocs(page, "audit-log");
});

test("the review of keys", async () => {
  const page = await openPage();
  await page.getByRole("link", { name: /^Review keys/ }).click();
  await page.getByRole("region").first().waitFor();
  await pictureForDocs(page, "review");
});

test("all of them are there", () => {
  const missing = ["api-keys", "key-drawer", "audit-log", "review"].filter(
    (name) => !existsSync(join(import.meta.dirname, `../docs/images/${name}.png`)),
  );
  expect(missing).toEqual([]);
});
