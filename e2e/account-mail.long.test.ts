import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestMailServer, type TestMailServer } from "../apps/server/test/mail-server.ts";
import * as keysPage from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { OWNER, signIn } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

const VIEWER = "viewer@acme.example";
const NEW_PASSWORD = "another horse battery";

useBrowser();
let mailServer: TestMailServer;
let product: Product;
beforeAll(async () => {
  mailServer = await startTestMailServer();
  product = await startSeededProduct({ env: { SMTP_URL: mailServer.url } });
});
afterAll(async () => {
  await endProducts();
  await mailServer.close();
});

/** A link as somebody follows it out of a mail: into a page that has nothing open. */
async function follow(page: Page, link: string): Promise<void> {
  const { origin, pathname, search } = new URL(link);
  expect(origin).toBe(product.url);
  await page.goto("about:blank");
  await page.goto(pathname + search);
}

test("a lost password is replaced by the link in a mail, and the link opens nothing after that", async () => {
  const visitor = await newVisitor(product, { expected: /status of 40[01]/ });
  const page = await visitor.newPage();
  const barriers: Record<string, string[]> = {};
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  // The page before has a field of the same name.
  await page.getByRole("button", { name: "Send the link" }).waitFor();
  await page.getByLabel("E-mail").fill(VIEWER);
  barriers["form"] = await barriersIn(page);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText(`If there is an account for ${VIEWER}, a link`).waitFor();
  barriers["sent"] = await barriersIn(page);

  const { link } = await mailServer.mailTo(VIEWER);
  await follow(page, link);
  await page.getByLabel("New password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Set password" }).click();
  await page.getByText("Your password is set.").waitFor();
  await page.getByLabel("E-mail").fill(VIEWER);
  await page.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();

  await follow(page, link);
  await page.getByLabel("New password").fill("a third horse battery");
  await page.getByRole("button", { name: "Set password" }).click();
  await page.getByText("This link was used already, is older than an hour, or was cut off.").waitFor();
  await page.getByRole("link", { name: "Get a new link" }).click();
  await page.getByRole("button", { name: "Send the link" }).waitFor();

  await page.goto("/verify-email?token=made-up");
  await page.getByRole("button", { name: "Confirm the address" }).waitFor();
  barriers["confirm"] = await barriersIn(page);
  await page.getByRole("button", { name: "Confirm the address" }).click();
  await page.getByText("This link is older than an hour, or was cut off.").waitFor();
  expect(barriers).toEqual({ form: [], sent: [], confirm: [] });
});

test("an invitation arrives by mail, and the page says that it was sent", async () => {
  const session = await signIn(product, OWNER);
  const visitor = await newVisitor(product);
  await visitor.addCookies([...session.cookies]);
  const page = await visitor.newPage();
  await page.goto("/settings/team/members");
  await page.getByRole("button", { name: "Invite member" }).click();
  await keysPage.dialog(page).getByLabel("E-mail").fill("newcomer@acme.example");
  await keysPage.dialog(page).getByRole("button", { name: "Make invitation link" }).click();
  await keysPage.dialog(page).getByText("We mail this link to newcomer@acme.example").waitFor();
  const shown = await keysPage.dialog(page).getByLabel("Invitation link").innerText();

  const { link } = await mailServer.mailTo("newcomer@acme.example");
  expect(link).toBe(`${shown}?team=acme-ads`);
  const invitedPage = await (await newVisitor(product)).newPage();
  await follow(invitedPage, link);
  await invitedPage.getByRole("button", { name: "Create account" }).waitFor();
  expect(product.output()).not.toContain(new URL(shown).pathname);
});
