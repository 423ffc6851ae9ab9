import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dialog, openApiKeysOf } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, signIn } from "./client.ts";
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

test("an owner follows a refused call from its key's drawer to what it would have needed", async () => {
  const owner = await signIn(product, "owner@acme.example");
  const { id, secret } = await owner.createKey("Refused feed", ["billing:read"]);
  await callWithKey(product, secret);
  await callWithKey(product, secret, "/api/v1/members");
  const page = await openApiKeysOf(await newVisitor(product), owner, `?key=${id}`);
  await dialog(page).getByRole("tab", { name: "Usage" }).click();
  // What is counted a moment later is asked for ten seconds later.
  await dialog(page).getByRole("link", { name: "See these calls permission_missing" }).click({ timeout: 30_000 });
  const calls = page.getByRole("list", { name: "Calls of Acme Ads, newest first" }).locator("> li");
  await expect.poll(() => calls.count()).toBe(1);
  const { searchParams } = new URL(page.url());
  expect(Object.fromEntries(searchParams)).toEqual({ tab: "calls", key: id, code: "permission_missing" });
  expect(await barriersIn(page)).toEqual([]);

  await calls.first().getByRole("button", { name: "403 permission_missing Refused feed GET /api/v1/members" }).click();
  await calls.first().getByText("members:read").waitFor();
  expect(await barriersIn(page)).toEqual([]);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as NDJSON" }).click();
  const [line = "", ...others] = readFileSync(await (await download).path(), "utf8")
    .trimEnd()
    .split("\n");
  expect([JSON.parse(line).requiredPermission, others]).toEqual(["members:read", []]);

  await calls.first().getByRole("link", { name: "Why was this refused?" }).click();
  await page.getByText("A permission was missing").waitFor();
  await page.getByText(/The permission members:read\. The key was made without it/).waitFor();
  expect(await barriersIn(page)).toEqual([]);
  await page.goto("/settings/team/requests/req_00000000000000000000");
  await page.getByRole("heading", { name: "Unknown request" }).waitFor();
  expect(await barriersIn(page)).toEqual([]);

  await page.goto("/settings/team/audit-log?tab=calls&status=5xx&key=" + id);
  await page.getByRole("heading", { name: "No call matches" }).waitFor();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect.poll(() => calls.count()).toBeGreaterThan(1);
});

test("a manager is offered no audit log, and told why when they follow a link to it", async () => {
  const page = await openApiKeysOf(await newVisitor(product), await signIn(product, "manager@acme.example"));
  expect(await page.getByRole("link", { name: "Audit log" }).count()).toBe(0);
  await page.goto("/settings/team/audit-log");
  await page.getByRole("heading", { name: "You do not see the audit log" }).waitFor();
  expect(await page.getByRole("button", { name: "Export as CSV" }).count()).toBe(0);
  expect(await barriersIn(page)).toEqual([]);
  await page.goto("/settings/team/requests/req_00000000000000000000");
  await page.getByRole("heading", { name: "You do not see why requests were refused" }).waitFor();
});
