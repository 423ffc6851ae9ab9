import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dialog, rowOf } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, signIn, type Session } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

useBrowser();
let product: Product;
let root: Session;
beforeAll(async () => {
  product = await startSeededProduct();
  root = await signIn(product, "super@latchkey.example");
});
afterAll(endProducts);

async function openAs(session: Session, path: string, visitor?: BrowserContext): Promise<Page> {
  const context = visitor ?? (await newVisitor(product));
  await context.addCookies([...session.cookies]);
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

test("a super admin finds a team, changes what it pays for with keyboard alone, and enters it on the record", async () => {
  const visitor = await newVisitor(product, { viewport: { width: 1280, height: 800 } });
  const page = await openAs(root, "/settings/team/api-keys", visitor);
  await page.getByRole("link", { name: "Open the backoffice" }).click();
  await page.getByRole("heading", { name: "Backoffice", level: 1 }).waitFor();
  await rowOf(page, "Acme Ads acme-ads").waitFor();
  expect(await barriersIn(page)).toEqual([]);

  await page.getByRole("searchbox", { name: "Search teams" }).fill("admin@acme");
  await rowOf(page, "Globex Media globex-media").waitFor({ state: "detached" });
  expect(new URL(page.url()).searchParams.get("q")).toBe("admin@acme");

  await page.getByRole("button", { name: "Edit Acme Ads" }).press("Enter");
  await dialog(page).getByLabel("Requests per minute").fill("0");
  await dialog(page).getByLabel("Requests per minute").press("Enter");
  await dialog(page).getByText("A whole number from 1 to 1,000,000, or empty.").waitFor();
  expect(await barriersIn(page)).toEqual([]);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Edit Acme Ads" }).press("Enter");
  await dialog(page).getByLabel("Plan").selectOption("Starter");
  await dialog(page).getByLabel("Requests per minute").fill("20,000");
  await dialog(page).getByLabel("Requests per minute").press("Enter");
  await dialog(page).waitFor({ state: "detached" });
  const row = rowOf(page, "Acme Ads acme-ads");
  await row.getByText("20,000").waitFor();
  await row.getByText(/^\d+ of 10$/).waitFor();
  await page.locator('button[aria-label="Edit Acme Ads"]:focus').waitFor();

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("You are in Acme Ads as a super admin, not as a member.").waitFor();
  await page.getByRole("button", { name: "Account:" }).click();
  await page.getByRole("menuitem", { name: "Backoffice" }).click();
  await page.getByRole("searchbox", { name: "Search teams" }).fill("no such team");
  await page.getByRole("button", { name: "Show all teams" }).click();
  await rowOf(page, "Globex Media globex-media").waitFor();
});

test("a ban says what stops, ends the person's page and keys, and an unban says what comes back", async () => {
  const email = "admin@globex.example";
  const admin = await signIn(product, email);
  const globex = await signIn(product, "owner@globex.example");
  const { secret } = await globex.createKey("Of somebody else");
  const page = await openAs(root, `/backoffice?tab=people&q=${email}`);
  const adminsPage = await openAs(admin, "/settings/team/api-keys", await newVisitor(product));
  await adminsPage.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();

  await page.getByRole("button", { name: /^Ban / }).click();
  await dialog(page).getByText("5 keys in 1 team stop at once").waitFor();
  await dialog(page).getByText("They are signed out at once").waitFor();
  await dialog(page).getByLabel("Reason").fill("Card fraud");
  expect(await barriersIn(page)).toEqual([]);
  await dialog(page).getByRole("button", { name: "Ban", exact: true }).click();
  await page.getByText("Card fraud").waitFor();
  await adminsPage.reload();
  await adminsPage.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await callWithKey(product, secret)).toMatchObject({ status: 200 });

  await page.getByRole("button", { name: /^Unban / }).click();
  await dialog(page).getByText("5 keys in 1 team work again at once").waitFor();
  await dialog(page).getByText("Banned for: Card fraud").waitFor();
  await dialog(page).getByRole("button", { name: "Unban", exact: true }).click();
  await dialog(page).waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^Ban / }).waitFor();
  await page.getByRole("searchbox", { name: "Search people" }).fill("super@");
  await page.getByText("You cannot ban yourself.").waitFor();
  await page.getByRole("searchbox", { name: "Search people" }).fill("nobody at all");
  await page.getByRole("heading", { name: "Nobody found" }).waitFor();
});

test("everybody else sees that there is no such page, and is led to none", async () => {
  const owner = await signIn(product);
  const page = await openAs(owner, "/backoffice");
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await page.getByRole("link", { name: "Go to API Keys" }).click();
  await page.getByRole("button", { name: "Account:" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  expect(await page.getByRole("menuitem", { name: "Backoffice" }).count()).toBe(0);
});
