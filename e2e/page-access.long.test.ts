import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as keysPage from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, OWNER, signIn, type Session } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

useBrowser();
let product: Product;
let owner: Session;
beforeAll(async () => {
  product = await startSeededProduct();
  owner = await signIn(product);
});
afterAll(endProducts);

test(
  "sign-in, list and dialogs have no serious barrier and do not run over the edge: light, dark and narrow",
  { timeout: 120_000 },
  async () => {
    const visitor = await newVisitor(product);
    const signInPage = await visitor.newPage();
    await signInPage.goto("/sign-in");
    await signInPage.getByRole("button", { name: "Sign in" }).waitFor();
    const barriers: Record<string, string[]> = { "sign-in": await barriersIn(signInPage) };

    const page = await keysPage.openApiKeysOf(visitor, owner, "?revoked=1");
    await page.getByText("Never deployed").waitFor();
    barriers["list"] = await barriersIn(page);
    await keysPage.openCreateDialog(page);
    barriers["create dialog"] = await barriersIn(page);
    await keysPage.dialog(page).getByRole("button", { name: "Cancel" }).click();

    await keysPage.createKeyOnPage(page, "Looked at");
    barriers["key on show"] = await barriersIn(page);
    await keysPage.closeReveal(page);
    await page.getByRole("button", { name: "Revoke Looked at" }).click();
    await keysPage.dialog(page).getByText("cannot be undone").waitFor();
    barriers["revoke dialog"] = await barriersIn(page);
    expect(barriers).toEqual({
      "sign-in": [],
      list: [],
      "create dialog": [],
      "key on show": [],
      "revoke dialog": [],
    });
  },
);

test("with the keyboard alone one signs in, creates a key, and revokes it", async () => {
  const page = await (await newVisitor(product)).newPage();
  await page.goto(keysPage.API_KEYS);
  const { keyboard } = page;
  const focused = page.locator(":focus");
  await expect.poll(() => focused.getAttribute("name")).toBe("email");
  await keyboard.type(OWNER);
  await tabTo(page, page.getByLabel("Password", { exact: true }));
  await keyboard.type("latchkey-demo");
  await keyboard.press("Enter");

  await keysPage.newKeyButton(page).waitFor();
  await tabTo(page, keysPage.newKeyButton(page));
  await keyboard.press("Enter");
  const dialog = keysPage.dialog(page);
  await expect.poll(() => isFocused(dialog.getByLabel("Name", { exact: true }))).toBe(true);
  await keyboard.type("By keyboard");
  await dialog.getByRole("checkbox", { name: "Read analytics" }).waitFor();
  await tabTo(page, dialog.getByRole("checkbox", { name: "Read analytics" }));
  await keyboard.press("Space");
  await tabTo(page, dialog.getByLabel("Expiry in days"));
  await keyboard.type("7");
  await keyboard.press("Enter");

  await expect.poll(() => isFocused(dialog.getByRole("button", { name: "Copy", exact: true }))).toBe(true);
  const secret = (await keysPage.shownKey(page).textContent()) ?? "";
  await tabTo(page, dialog.getByRole("button", { name: "Done" }));
  await keyboard.press("Enter");
  await expect.poll(() => isFocused(dialog.getByRole("button", { name: "I have saved the key" }))).toBe(true);
  await keyboard.press("Enter");
  await expect.poll(() => isFocused(keysPage.newKeyButton(page))).toBe(true);
  expect(await callWithKey(product, secret)).toMatchObject({ status: 200 });

  await keysPage.rowOf(page, "By keyboard").waitFor();
  await tabTo(page, page.getByRole("button", { name: "Revoke By keyboard" }));
  await keyboard.press("Enter");
  // The safe answer has the focus.
  await expect.poll(() => isFocused(dialog.getByRole("button", { name: "Cancel" }))).toBe(true);
  await tabTo(page, dialog.getByRole("button", { name: "Revoke key" }));
  await keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  expect(await callWithKey(product, secret)).toMatchObject({ status: 401, code: "key_revoked" });
});

const LONGEST_WAY = 80;

async function tabTo(page: Page, goal: Locator): Promise<void> {
  for (let step = 0; step < LONGEST_WAY; step += 1) {
    await page.keyboard.press("Tab");
    if (await isFocused(goal)) return;
  }
  throw new Error(`${LONGEST_WAY} times Tab do not reach ${goal.toString()}`);
}

function isFocused(element: Locator): Promise<boolean> {
  return element.evaluate((node) => node === document.activeElement);
}
