import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEYS, closeReveal, createKeyOnPage, dialog, openApiKeysOf, rowOf, shownKey } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, signIn } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

// One key from its creation to its revocation: whatever is done to it and with it is found where an admin looks for it.

useBrowser();
let product: Product;
beforeAll(async () => {
  product = await startSeededProduct();
});
afterAll(endProducts);

const NAME = "Partner export 2025-Q1";
/** What is counted and stored a moment later is asked for ten seconds later. */
const LATER = { timeout: 40_000 };
const tab = (page: Page, name: string) => page.getByRole("tab", { name, exact: true });
const eventsOfTeam = (page: Page) => page.getByRole("list", { name: "Events of Acme Ads, newest first" });

async function create(page: Page): Promise<string> {
  await createKeyOnPage(page, NAME);
  const secret = await shownKey(page).innerText();
  await closeReveal(page);
  return secret;
}

/** The new key's secret and name; what follows is the pair, still open. */
async function replace(page: Page): Promise<{ readonly secret: string; readonly name: string }> {
  await page.getByRole("link", { name: `Replace ${NAME}` }).click();
  const field = dialog(page).getByLabel("Name", { exact: true });
  await field.waitFor();
  const name = await field.inputValue();
  await dialog(page).getByRole("button", { name: "Create key" }).click();
  await shownKey(page).waitFor();
  const secret = await shownKey(page).innerText();
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await dialog(page).getByRole("button", { name: "I have saved the key" }).click();
  await dialog(page).getByText("Old and new key").waitFor();
  return { secret, name };
}

async function revokeTheOldOne(page: Page): Promise<void> {
  await dialog(page).getByRole("button", { name: "Revoke the old key" }).click();
  await dialog(page).getByRole("button", { name: "Revoke key" }).click();
  await dialog(page).getByText("The old key is revoked: nothing is left to do.").waitFor(LATER);
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await dialog(page).waitFor({ state: "detached" });
}

test("creation, use, refusal, replacement and revocation of a key are all in its drawer and in the audit log", async () => {
  const admin = await signIn(product, "admin@acme.example");
  const page = await openApiKeysOf(await newVisitor(product), admin);
  const secret = await create(page);
  const link = rowOf(page, NAME).getByRole("link", { name: NAME, exact: true });
  const id = new URL((await link.getAttribute("href")) ?? "", product.url).searchParams.get("key") ?? "";
  expect((await callWithKey(product, secret, "/api/v1/verify?permission=analytics:read")).status).toBe(204);
  expect((await callWithKey(product, secret, "/api/v1/members")).code).toBe("permission_missing");
  const newer = await replace(page);
  expect((await callWithKey(product, newer.secret)).status).toBe(200);
  await revokeTheOldOne(page);
  expect((await callWithKey(product, secret)).code).toBe("key_revoked");

  await page.goto(`${API_KEYS}?key=${id}`);
  await dialog(page).getByText("This key is revoked").waitFor();
  await dialog(page).getByText("Adam Admin revoked it on").waitFor();
  await dialog(page).getByText("1 call with it has been refused since.").waitFor(LATER);
  await dialog(page).getByRole("link", { name: newer.name, exact: true }).waitFor();
  expect(await barriersIn(page)).toEqual([]);

  await tab(page, "Usage").click();
  await dialog(page).getByRole("img", { name: "3 calls in 7 days, 2 refused" }).waitFor(LATER);
  for (const code of ["permission_missing", "key_revoked"])
    await dialog(page)
      .getByRole("row", { name: new RegExp(`${code} 1$`) })
      .waitFor();
  await tab(page, "Permissions").click();
  const permission = dialog(page).getByRole("row", { name: /analytics:read/ });
  await expect.poll(() => permission.innerText(), LATER).not.toContain("Never");

  await tab(page, "Audit").click();
  const events = dialog(page).getByRole("list", { name: "Events of this key, newest first" }).getByRole("listitem");
  await expect.poll(() => events.count()).toBe(2);
  expect(await events.first().innerText()).toContain(`Adam Admin revoked the key ${NAME}`);
  expect(await events.last().innerText()).toContain(`Adam Admin created the key ${NAME}`);

  await dialog(page).getByRole("link", { name: "See them in the audit log" }).click();
  await page.getByRole("button", { name: `Adam Admin created the key ${NAME}` }).waitFor();
  await page.getByRole("button", { name: `Adam Admin revoked the key ${NAME}` }).click();
  await eventsOfTeam(page).getByRole("row", { name: "Status ACTIVE REVOKED" }).waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("button", { name: `Adam Admin created the key ${newer.name}` }).click();
  await eventsOfTeam(page)
    .getByRole("row", { name: new RegExp(`^Replaces .*${id}`) })
    .waitFor();
  expect(await barriersIn(page)).toEqual([]);
}, 240_000);
