import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as keysPage from "./api-keys-page.ts";
import { horizontalOverflow, newVisitor, seriousAxeFindings, useBrowser } from "./browser.ts";
import { callWithKey, OWNER, signIn, type Session } from "./client.ts";
import { endProducts, startProduct, type Product } from "./product.ts";

useBrowser();
let product: Product;
let owner: Session;
beforeAll(async () => {
  product = await startProduct();
  owner = await signIn(product);
});
afterAll(endProducts);

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

describe.each([
  { colorScheme: "light", viewport: WIDE },
  { colorScheme: "dark", viewport: WIDE },
  { colorScheme: "light", viewport: NARROW },
] as const)("in $colorScheme colours, $viewport.width pixels wide", ({ colorScheme, viewport }) => {
  async function expectAccessible(page: Page, state: string): Promise<void> {
    const findings = await seriousAxeFindings(page);
    expect({ state, findings, overflow: await horizontalOverflow(page) }).toEqual({ state, findings: [], overflow: 0 });
  }

  test("sign-in, list and dialogs have no serious barrier and do not run over the edge", async () => {
    const visitor = await newVisitor(product, { colorScheme, viewport });
    const signInPage = await visitor.newPage();
    await signInPage.goto("/sign-in");
    await signInPage.getByRole("button", { name: "Sign in" }).waitFor();
    await expectAccessible(signInPage, "sign-in");

    const page = await keysPage.openApiKeysOf(visitor, owner, "?revoked=1");
    await page.getByText("Never deployed").waitFor();
    await expectAccessible(page, "list");
    await keysPage.openCreateDialog(page);
    await expectAccessible(page, "create dialog");
    await keysPage.dialog(page).getByRole("button", { name: "Cancel" }).click();

    const name = `In ${colorScheme} at ${viewport.width}`;
    await keysPage.createKeyOnPage(page, name);
    await expectAccessible(page, "key on show");
    await keysPage.closeReveal(page);
    await page.getByRole("button", { name: `Revoke ${name}` }).click();
    await keysPage.dialog(page).getByText("cannot be undone").waitFor();
    await expectAccessible(page, "revoke dialog");
  });
});

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
