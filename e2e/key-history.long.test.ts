import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEYS, closeReveal, createKeyOnPage, dialog, openApiKeysOf, rowOf, shownKey } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, signIn, type Answer } from "./client.ts";
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
const requestIdOf = ({ body }: Answer) => (body as { requestId: string }).requestId;
const callsOfTeam = (page: Page) => page.getByRole("list", { name: "Calls of Acme Ads, newest first" }).locator("> li");
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

/** From the drawer's table of refusals to the call, to why it was refused, and to all calls of the key. */
async function followRefusal(page: Page, requestId: string): Promise<void> {
  await dialog(page)
    .getByRole("link", { name: /permission_missing$/ })
    .click();
  const call = callsOfTeam(page).first();
  await call.getByRole("button", { name: `403 permission_missing ${NAME} GET /api/v1/members` }).click();
  await call.getByText(requestId).waitFor();
  expect(await callsOfTeam(page).count()).toBe(1);
  expect(await barriersIn(page)).toEqual([]);
  await call.getByRole("link", { name: "Why was this refused?" }).click();
  await page.waitForURL(`**/settings/team/requests/${requestId}`);
  await page.getByText("A permission was missing").waitFor();
  await page.getByText("The permission members:read. The key was made without it").waitFor();
  expect(await barriersIn(page)).toEqual([]);
  await page.getByRole("link", { name: `All calls of ${NAME}` }).click();
  await expect.poll(() => callsOfTeam(page).count()).toBe(3);
  const calls = await callsOfTeam(page).getByRole("button").allInnerTexts();
  expect(calls.map((text) => text.replaceAll(/\s+/g, " ").trim())).toEqual([
    `401 key_revoked ${NAME} GET /api/v1/auth/me`,
    `403 permission_missing ${NAME} GET /api/v1/members`,
    `204 ${NAME} GET /api/v1/verify`,
  ]);
}

test("creation, use, refusal, replacement and revocation of a key are all in its drawer and in the audit log", async () => {
  const admin = await signIn(product, "admin@acme.example");
  const page = await openApiKeysOf(await newVisitor(product), admin);
  const secret = await create(page);
  const link = rowOf(page, NAME).getByRole("link", { name: NAME, exact: true });
  const id = new URL((await link.getAttribute("href")) ?? "", product.url).searchParams.get("key") ?? "";
  expect((await callWithKey(product, secret, "/api/v1/verify?permission=analytics:read")).status).toBe(204);
  const refused = await callWithKey(product, secret, "/api/v1/members");
  expect(refused.code).toBe("permission_missing");
  const newer = await replace(page);
  expect((await callWithKey(product, newer.secret)).status).toBe(200);
  await revokeTheOldOne(page);
  const afterwards = await callWithKey(product, secret);
  expect(afterwards.code).toBe("key_revoked");

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

  await page.goto(`${API_KEYS}?key=${id}`);
  await tab(page, "Usage").click();
  await followRefusal(page, requestIdOf(refused));
  await page.goto(`/settings/team/requests/${requestIdOf(afterwards)}`);
  await page.getByText("The key itself was refused").waitFor();
  await page.getByText("A key that is not revoked: this one was revoked at").waitFor();
}, 240_000);
