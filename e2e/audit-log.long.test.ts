import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openApiKeysOf } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { signIn } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

useBrowser();
let product: Product;
beforeAll(async () => {
  product = await startSeededProduct();
});
afterAll(endProducts);

test("an owner finds what became of a key, by whom and from where, and takes it away as a file", async () => {
  const owner = await signIn(product, "owner@acme.example");
  const { id } = await owner.createKey("Followed key");
  await owner.revokeKey(id);
  const page = await openApiKeysOf(await newVisitor(product), owner);
  await page.getByRole("link", { name: "Audit log" }).click();
  const events = page.getByRole("list", { name: "Events of Acme Ads, newest first" }).locator("> li");
  const revoked = page.getByRole("button", { name: "Olivia Owner revoked the key Followed key" });
  await revoked.click();
  expect(await revoked.getAttribute("aria-expanded")).toBe("true");
  await events.first().getByRole("row", { name: "Status ACTIVE REVOKED" }).waitFor();
  await events.first().getByText(/^req_/).waitFor();
  expect(await barriersIn(page)).toEqual([]);

  await events.first().getByRole("button", { name: "All events of Followed key" }).click();
  await page.getByRole("button", { name: "Olivia Owner created the key Followed key" }).waitFor();
  await expect.poll(() => events.count()).toBe(2);
  expect(new URL(page.url()).searchParams.get("key")).toBe(id);
  // The address is the whole state: a link to it shows the same.
  await page.reload();
  await revoked.waitFor();
  expect(await events.count()).toBe(2);

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as CSV" }).click();
  const lines = readFileSync(await (await download).path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(lines).toHaveLength(3);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("button", { name: "Olivia Owner exported the audit log as CSV" }).waitFor();

  await page.getByRole("searchbox", { name: "Search" }).fill("no such thing");
  await page.getByRole("heading", { name: "No event matches" }).waitFor();
  expect(await barriersIn(page)).toEqual([]);
});

test("a manager is offered no audit log, and told why when they follow a link to it", async () => {
  const page = await openApiKeysOf(await newVisitor(product), await signIn(product, "manager@acme.example"));
  expect(await page.getByRole("link", { name: "Audit log" }).count()).toBe(0);
  await page.goto("/settings/team/audit-log");
  await page.getByRole("heading", { name: "You do not see the audit log" }).waitFor();
  expect(await page.getByRole("button", { name: "Export as CSV" }).count()).toBe(0);
  expect(await barriersIn(page)).toEqual([]);
});
