import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEYS, dialog, openApiKeysOf, rowOf } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, signIn, type Session } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

useBrowser();
let product: Product;
let owner: Session;
beforeAll(async () => {
  product = await startSeededProduct();
  owner = await signIn(product, "owner@acme.example");
});
afterAll(endProducts);

const openedKey = (page: Page) => new URL(page.url()).searchParams.get("key");
const tab = (page: Page, name: string) => dialog(page).getByRole("tab", { name });

test("a key's drawer opens from its row by keyboard, and Escape leads back to it", async () => {
  const { id } = await owner.createKey("Beside the list");
  const page = await openApiKeysOf(await newVisitor(product), owner, "?q=beside");
  const link = rowOf(page, "Beside the list").getByRole("link", { name: "Beside the list", exact: true });
  await link.focus();
  await page.keyboard.press("Enter");
  await dialog(page).getByText("Never used").waitFor();
  expect(openedKey(page)).toBe(id);
  // The focus stays inside.
  for (let press = 0; press < 12; press += 1) await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest("[role=dialog]") !== null)).toBe(true);
  expect(await barriersIn(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await expect.poll(() => link.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(new URL(page.url()).search).toBe("?q=beside");
});

test("a link opens it too, and the way back closes it", async () => {
  const { id } = await owner.createKey("Behind a link");
  await owner.revokeKey(id);
  const page = await openApiKeysOf(await newVisitor(product), owner);
  await page.goto(`${API_KEYS}?key=${id}`);
  // Revoked keys are hidden in the list behind it.
  await dialog(page).getByText("This key is revoked").waitFor();
  expect(await dialog(page).getByRole("button", { name: "Revoke" }).count()).toBe(0);
  await page.goBack();
  await dialog(page).waitFor({ state: "detached" });
  await page.goForward();
  await dialog(page).getByText("This key is revoked").waitFor();
  expect(await barriersIn(page)).toEqual([]);
});

test("its calls are a chart with a table behind it, and the refused ones have reasons", async () => {
  const { id, secret } = await owner.createKey("Followed here", ["members:read", "billing:read"]);
  await callWithKey(product, secret);
  await callWithKey(product, secret, "/api/v1/members");
  await callWithKey(product, secret, "/api/v1/audit-log");
  const page = await openApiKeysOf(await newVisitor(product), owner, `?key=${id}`);

  await tab(page, "Usage").click();
  // What is counted a moment later is asked for ten seconds later.
  await dialog(page).getByRole("img", { name: "3 calls in 7 days, 1 refused" }).waitFor({ timeout: 30_000 });
  await dialog(page)
    .getByRole("row", { name: /permission_missing 1$/ })
    .waitFor();
  expect(await barriersIn(page)).toEqual([]);
  await dialog(page).getByRole("switch", { name: "Show as table" }).check();
  const table = dialog(page).getByRole("table", { name: "Calls in 7 days, newest first" });
  expect(await table.getByRole("row").count()).toBe(8);
  const calls = await table.locator("tbody td:nth-of-type(1)").allInnerTexts();
  expect(calls.reduce((sum, text) => sum + Number(text), 0)).toBe(3);
  await dialog(page).getByText("24 hours", { exact: true }).click();
  const hours = dialog(page).getByRole("table", { name: "Calls in 24 hours, newest first" });
  await hours.waitFor();
  expect(await hours.getByRole("row").count()).toBe(25);
  expect(await barriersIn(page)).toEqual([]);
});

test("tells what the key may do and ever did, and what was done to it", async () => {
  const { id } = await owner.createKey("Told of", ["members:read", "billing:read"]);
  const page = await openApiKeysOf(await newVisitor(product), owner, `?key=${id}`);
  await tab(page, "Permissions").click();
  const permissions = dialog(page).getByRole("table", { name: "Permissions of this key" });
  await permissions.getByRole("row", { name: /billing:read Works Never$/ }).waitFor();
  expect(await barriersIn(page)).toEqual([]);
  // The frame around a table cuts off what does not fit, and nobody could scroll to it.
  await page.setViewportSize({ width: 360, height: 740 });
  await expect
    .poll(() => permissions.evaluate((table) => table.scrollWidth - (table.parentElement?.clientWidth ?? 0)))
    .toBeLessThanOrEqual(0);

  await tab(page, "Audit").click();
  await dialog(page).getByText("Olivia Owner created the key Told of").waitFor();
  expect(await barriersIn(page)).toEqual([]);
  await dialog(page).getByRole("link", { name: "See them in the audit log" }).click();
  await page.getByRole("list", { name: "Events of Acme Ads, newest first" }).waitFor();
  expect(openedKey(page)).toBe(id);
});

test("a key is renamed and revoked in front of its drawer, which stays", async () => {
  const { id } = await owner.createKey("Named badly");
  const page = await openApiKeysOf(await newVisitor(product), owner, `?key=${id}`);
  const drawer = page.getByRole("dialog").first();
  await drawer.getByRole("button", { name: "Rename" }).click();
  const rename = page.getByRole("dialog", { name: "Rename key" });
  await rename.getByLabel("Name").fill("Named well");
  // Escape is for the dialog in front alone.
  await page.keyboard.press("Escape");
  await rename.waitFor({ state: "detached" });
  await drawer.getByRole("button", { name: "Rename" }).click();
  await rename.getByLabel("Name").fill("Named well");
  await rename.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("dialog", { name: "Named well" }).waitFor();
  await drawer.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog", { name: "Revoke this key?" }).getByRole("button", { name: "Revoke key" }).click();
  await drawer.getByText("This key is revoked").waitFor();
});

test("a foreign key, one of the team that one may not see and none at all look the same", async () => {
  const foreign = await (await signIn(product, "owner@globex.example")).createKey("Of Globex");
  const hidden = await owner.createKey("Of the owner");
  const manager = await signIn(product, "manager@acme.example");
  const page = await openApiKeysOf(await newVisitor(product), manager);
  const texts = [];
  for (const id of [foreign.id, hidden.id, "key_00000000000000000000", "no id at all"]) {
    await page.goto(`${API_KEYS}?key=${encodeURIComponent(id)}`);
    await dialog(page).getByRole("heading", { name: "There is no such key" }).waitFor();
    texts.push(await dialog(page).innerText());
  }
  expect(new Set(texts).size).toBe(1);
  expect(await barriersIn(page)).toEqual([]);
});
