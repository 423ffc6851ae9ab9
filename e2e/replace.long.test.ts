import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { API_KEYS, dialog, openApiKeysOf, shownKey } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, signIn } from "./client.ts";
import { postgresUrl } from "./postgres-processes.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

useBrowser();
let product: Product;
beforeAll(async () => {
  product = await startSeededProduct();
});
afterAll(endProducts);

/** The pair is asked for every ten seconds, and a key's last use may take as long. */
const sentence = (page: Page, text: string) => dialog(page).getByText(text).waitFor({ timeout: 40_000 });

/** What follows is the pair, in a dialog as well. */
async function saveKey(page: Page): Promise<void> {
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await dialog(page).getByRole("button", { name: "I have saved the key" }).click();
  await dialog(page).getByText("Old and new key").waitFor();
}

test("a key is replaced: made from the old one, watched until that is silent, and the old one revoked", async () => {
  const admin = await signIn(product, "admin@acme.example");
  const old = await admin.createKey("Nightly feed 2025-Q1", ["analytics:read", "reports:read"]);
  await callWithKey(product, old.secret);

  const page = await openApiKeysOf(await newVisitor(product), admin);
  await page.getByRole("link", { name: "Replace Nightly feed 2025-Q1" }).click();
  const name = dialog(page).getByLabel("Name", { exact: true });
  await name.waitFor();
  expect(await name.inputValue()).toMatch(/^Nightly feed 20\d\d-Q[1-4]$/);
  expect(await name.inputValue()).not.toContain("2025-Q1");
  const checked = dialog(page).getByRole("checkbox", { checked: true });
  expect(await checked.evaluateAll((boxes) => boxes.map((box) => box.getAttribute("value")))).toHaveLength(2);
  expect(await barriersIn(page)).toEqual([]);

  await dialog(page).getByRole("button", { name: "Create key" }).click();
  await shownKey(page).waitFor();
  const secret = await shownKey(page).innerText();
  await saveKey(page);
  await page.waitForURL(`**${API_KEYS}?replacement=${old.id}`);
  await sentence(page, "Not yet: the new key has never been used");
  await callWithKey(product, secret);
  await sentence(page, "Not yet: the old key is still in use, with 1 call in the last 24 hours");
  expect(await barriersIn(page)).toEqual([]);
  // A day and more goes by without a call of the old one.
  await runSql(
    postgresUrl(product.dataDir),
    `UPDATE api_key_last_used SET last_used_at = now() - interval '30 hours' WHERE key_id = '${old.id}'`,
  );
  await sentence(page, "Safe to revoke: the old key has been silent for 30 hours, and the new one is in use.");

  await dialog(page).getByRole("button", { name: "Revoke the old key" }).click();
  await dialog(page).getByRole("button", { name: "Revoke key" }).click();
  await sentence(page, "The old key is revoked: nothing is left to do.");
  expect((await callWithKey(product, old.secret)).code).toBe("key_revoked");
  expect((await callWithKey(product, secret)).status).toBe(200);
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await dialog(page).waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("");
}, 180_000);

test("whoever comes second to replace a key is led to its replacement", async () => {
  const admin = await signIn(product, "admin@acme.example");
  await admin.createKey("Twice");
  const visitor = await newVisitor(product);
  const [first, second] = [await openApiKeysOf(visitor, admin), await openApiKeysOf(visitor, admin)];
  for (const page of [first, second]) {
    await page.getByRole("link", { name: "Replace Twice" }).click();
    await dialog(page).getByRole("button", { name: "Create key" }).waitFor();
  }
  await dialog(first).getByRole("button", { name: "Create key" }).click();
  await saveKey(first);
  await dialog(second).getByRole("button", { name: "Create key" }).click();
  await dialog(second).getByText("already has a replacement").waitFor();
  await dialog(second).getByRole("button", { name: "Show both keys" }).click();
  await sentence(second, "Not yet: neither key has ever been used");
});

test("the review names what is worth a look, and its actions lead on", async () => {
  const page = await openApiKeysOf(await newVisitor(product), await signIn(product, "owner@acme.example"));
  await page.getByRole("link", { name: /^Review keys: \d+ findings$/ }).click();
  await page.getByRole("heading", { name: "Review keys", level: 1 }).waitFor();
  const section = (title: string) => page.getByRole("region", { name: title });
  await section("1 key that was never used").getByText("Audit collector").waitFor();
  expect(await barriersIn(page)).toEqual([]);
  await section("2 keys with permissions they never use").getByText("campaigns:update, campaigns:pause").waitFor();

  await section("1 key unused for 90 days").getByRole("button", { name: "Revoke Partner feed" }).click();
  await dialog(page).getByRole("button", { name: "Revoke key" }).click();
  await section("1 key unused for 90 days").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Replace Warehouse sync" }).first().click();
  await dialog(page).getByText("takes the place of Warehouse sync").waitFor();
});
