import type { BrowserContext, Locator, Page } from "playwright-core";
import { DEMO_PASSWORD, OWNER, type Session } from "./client.ts";

/** What a person does on the pages, found by role and label as they would find it. */

export const API_KEYS = "/settings/team/api-keys";

export async function signInOnPage(page: Page, email: string, password = DEMO_PASSWORD): Promise<void> {
  // An invitation's page has fields of these names as well, until this one has come.
  await page.getByRole("heading", { name: "Sign in to Latchkey" }).waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A tab with the list of keys, signed in through the sign-in page that stands in front of it. */
export async function openApiKeys(visitor: BrowserContext, email = OWNER): Promise<Page> {
  const page = await visitor.newPage();
  await page.goto(API_KEYS);
  await signInOnPage(page, email);
  await page.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();
  return page;
}

/** The same for somebody who is signed in already. */
export async function openApiKeysOf(visitor: BrowserContext, session: Session, search = ""): Promise<Page> {
  await visitor.addCookies([...session.cookies]);
  const page = await visitor.newPage();
  await page.goto(API_KEYS + search);
  await page.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();
  return page;
}

export function newKeyButton(page: Page): Locator {
  return page.getByRole("button", { name: "New API key" });
}

export function dialog(page: Page): Locator {
  return page.getByRole("dialog");
}

export function rowOf(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
}

export async function openCreateDialog(page: Page): Promise<Locator> {
  await newKeyButton(page).click();
  const form = dialog(page);
  await form.getByRole("checkbox", { name: "Read analytics" }).waitFor();
  return form;
}

/** Fills the form and sends it; resolves when the key is on show. */
export async function createKeyOnPage(page: Page, name: string, expiry = ""): Promise<void> {
  const form = await openCreateDialog(page);
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByRole("checkbox", { name: "Read analytics" }).check();
  await form.getByLabel("Expiry in days").fill(expiry);
  await form.getByRole("button", { name: "Create key" }).click();
  await shownKey(page).waitFor();
}

export function shownKey(page: Page): Locator {
  return dialog(page).getByLabel("Your new API key");
}

/** Done, and the answer that the key was saved. */
export async function closeReveal(page: Page): Promise<void> {
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await dialog(page).getByRole("button", { name: "I have saved the key" }).click();
  await dialog(page).waitFor({ state: "detached" });
}
