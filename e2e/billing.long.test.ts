import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { dialog, newKeyButton, openApiKeysOf, openCreateDialog, rowOf } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { signIn } from "./client.ts";
import { postgresUrl } from "./postgres-processes.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

const BILLING = "/settings/team/billing";
const SUPPORT = "https://support.example/latchkey";

useBrowser();
let product: Product;
beforeAll(async () => {
  product = await startSeededProduct({ env: { SUPPORT_URL: SUPPORT } });
});
afterAll(endProducts);

const setStatus = (slug: string, status: string) =>
  runSql(
    postgresUrl(product.dataDir),
    "UPDATE subscription SET status = $2 FROM team WHERE team.id = team_id AND slug = $1",
    [slug, status],
  );
const meterText = (page: Page, name: string) =>
  page.getByRole("meter", { name }).getAttribute("aria-valuetext", { timeout: 10_000 });

test("an owner sees the plan and its use fill up, and a dialog that the cap refuses keeps what was typed", async () => {
  const owner = await signIn(product, "owner@globex.example");
  const visitor = await newVisitor(product);
  const page = await openApiKeysOf(visitor, owner);
  await page.getByRole("link", { name: "Billing" }).click();
  await page.getByRole("heading", { name: "Starter plan" }).waitFor();
  expect(await meterText(page, "Active keys of the team")).toBe("9 of 10");
  expect(await meterText(page, "Active keys that you made")).toBe("4 of 5");
  expect(await meterText(page, "Ad spend this month")).toMatch(/8,640 of .*10,000/);
  await rowOf(page, "Starter Current plan").waitFor();
  expect(await page.getByRole("link", { name: "Ask for another plan" }).getAttribute("href")).toBe(SUPPORT);
  expect(await barriersIn(page)).toEqual([]);

  await page.getByRole("link", { name: "API Keys" }).click();
  const form = await openCreateDialog(page);
  await form.getByLabel("Name", { exact: true }).fill("Typed and kept");
  await form.getByRole("checkbox", { name: "Read analytics" }).check();
  // Meanwhile somebody makes the last key there is room for.
  const last = await owner.post("/api/v1/api-keys", { name: "The tenth", permissions: ["analytics:read"] });
  expect(last.status).toBe(201);
  await form.getByRole("button", { name: "Create key" }).click();
  await form.getByRole("alert").getByText("The team has 10 active keys, and its plan allows 10").waitFor();
  expect(await form.getByLabel("Name", { exact: true }).inputValue()).toBe("Typed and kept");
  expect(await form.getByRole("link", { name: "See plan and use" }).getAttribute("target")).toBe("_blank");
  await form.getByRole("button", { name: "Cancel" }).click();
  await dialog(page).waitFor({ state: "detached" });

  await page.getByText("The team has 10 active keys, and its plan allows 10").waitFor();
  expect(await newKeyButton(page).count()).toBe(0);
  expect(await barriersIn(page)).toEqual([]);
  await page.getByRole("link", { name: "See plan and use" }).click();
  await page.getByText("Used up: nobody can make another key").waitFor();

  await page.getByRole("link", { name: "API Keys" }).click();
  await page.getByRole("button", { name: "Revoke The tenth" }).click();
  await dialog(page).getByRole("button", { name: "Revoke key" }).click();
  await newKeyButton(page).waitFor();
});

test("a canceled subscription is said on both pages, with the way to renew it, and keys can still be revoked", async () => {
  await setStatus("globex-media", "canceled");
  const page = await openApiKeysOf(await newVisitor(product), await signIn(product, "admin@globex.example"));
  await page.getByText("The subscription is canceled").waitFor();
  expect(await newKeyButton(page).count()).toBe(0);
  await page.getByRole("button", { name: "Revoke Prototype" }).click();
  await dialog(page).getByRole("button", { name: "Revoke key" }).click();
  await rowOf(page, "Prototype").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "See plan and use" }).click();
  await page.getByText("Once it is renewed, the same keys work again.").waitFor();
  expect(await page.getByRole("link", { name: "Ask to renew it" }).getAttribute("href")).toBe(SUPPORT);
});

test("who may not read billing is not led there, and reads whom to ask", async () => {
  const visitor = await newVisitor(product);
  const page = await openApiKeysOf(visitor, await signIn(product, "viewer@acme.example"));
  expect(await page.getByRole("link", { name: "Billing" }).count()).toBe(0);
  await page.goto(BILLING);
  await page.getByText("Your role in Acme Ads is Viewer. Owners and admins see the plan").waitFor();
  expect(await page.getByRole("meter").count()).toBe(0);
});
