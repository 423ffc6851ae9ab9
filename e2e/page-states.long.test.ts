import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import * as keysPage from "./api-keys-page.ts";
import { newVisitor, useBrowser } from "./browser.ts";
import { OWNER, signIn, type Session } from "./client.ts";
import { postgresUrl } from "./postgres-processes.ts";
import { endProducts, runCommand, startProduct, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

const { dialog, newKeyButton, openApiKeysOf, openCreateDialog, rowOf, signInOnPage } = keysPage;
/** The browser's own line about a refused request. */
const UNAUTHORIZED = /status of 401/;
const SESSION_ENDED = "You were signed out, or your session ended.";

useBrowser();
let product: Product;
let owner: Session;
beforeAll(async () => {
  product = await startSeededProduct();
  owner = await signIn(product);
});
afterAll(endProducts);

describe("who may do what", () => {
  test("a viewer is not offered a new key, and reads why and whose keys the list holds", async () => {
    const page = await openApiKeysOf(await newVisitor(product), await signIn(product, "viewer@acme.example"));
    await page.getByText("Your role, Viewer, cannot make keys. Ask an owner or admin of Acme Ads.").waitFor();
    await page.getByText("You see the keys you made. Owners and admins see every key of Acme Ads.").waitFor();
    await page.getByRole("heading", { name: "No API keys yet" }).waitFor();
    expect(await newKeyButton(page).count()).toBe(0);
  });

  test("on an empty server the first person is made by command, sets a password, and finds a first key to make", async () => {
    const empty = await startProduct({ env: { DEMO: "false" } });
    const page = await (await newVisitor(empty)).newPage();
    await page.goto("/");
    await page.getByText("Nobody can sign in yet").first().waitFor();
    await page.getByText("pnpm user:create").waitFor();

    const email = "first@acme.example";
    const printed = await runCommand(empty, "user-create.ts", email, "--team", "First Team");
    await page.goto(/http\S+/.exec(printed)?.[0] ?? "");
    await page.getByLabel("New password").fill("correct horse battery");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByText("Your password is set. Sign in with it.").waitFor();
    await signInOnPage(page, email, "correct horse battery");

    await page.getByRole("heading", { name: "No API keys yet" }).waitFor();
    await page.getByText("x-api-key: $YOUR_API_KEY").waitFor();
    await keysPage.createKeyOnPage(page, "The very first");
    await keysPage.closeReveal(page);
    await rowOf(page, "The very first").waitFor();
    await empty.stop();
  });

  test("another team's keys are not in the list, and switching teams leaves none of the first team's behind", async () => {
    await runSql(
      postgresUrl(product.dataDir),
      `INSERT INTO member (id, team_id, user_id, role, created_at)
       SELECT 'member_of_two_teams', team.id, person.id, 'admin', now()
         FROM team, "user" person WHERE team.slug = 'globex-media' AND person.email = 'admin@acme.example'`,
    );
    const page = await openApiKeysOf(await newVisitor(product), await signIn(product, "admin@acme.example"));
    await rowOf(page, "Warehouse sync").waitFor();
    expect(await rowOf(page, "Data lake").count()).toBe(0);

    await page.getByRole("button", { name: "Switch team" }).click();
    await page.getByRole("menuitemradio", { name: "Globex Media" }).click();
    await rowOf(page, "Data lake").waitFor();
    expect(await rowOf(page, "Warehouse sync").count()).toBe(0);
    expect(await page.content()).not.toContain("Warehouse sync");
    const globex = await signIn(product, "owner@globex.example");
    expect((await globex.keyNames()).toSorted()).toEqual(await namesInList(page));
  });
});

async function namesInList(page: Page): Promise<string[]> {
  return (await page.getByRole("rowheader").allInnerTexts()).toSorted();
}

describe("signing in and out", () => {
  test("a wrong password and an unknown address are refused in the same words, and the right one still works", async () => {
    const page = await (await newVisitor(product, { expected: UNAUTHORIZED })).newPage();
    await page.goto("/");
    for (const email of [OWNER, "nobody@acme.example"]) {
      await signInOnPage(page, email, "not the password");
      await page.getByRole("alert").getByText("The e-mail or the password is not right.").waitFor();
    }
    await signInOnPage(page, OWNER);
    await page.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();
  });

  test("a session that has ended is said, and signing in again leads back to the same view", async () => {
    const visitor = await newVisitor(product, { expected: UNAUTHORIZED });
    const page = await openApiKeysOf(visitor, await signIn(product), "?q=dashboard");
    await rowOf(page, "BI dashboard 2026-Q4").waitFor();
    await runSql(
      postgresUrl(product.dataDir),
      "DELETE FROM session WHERE id = (SELECT id FROM session ORDER BY created_at DESC LIMIT 1)",
    );
    await page.getByRole("switch", { name: "Show revoked" }).click();
    await page.getByText(SESSION_ENDED).waitFor();
    expect(await page.getByText("BI dashboard").count()).toBe(0);
    await signInOnPage(page, OWNER);
    await rowOf(page, "BI dashboard 2026-Q4").waitFor();
    expect(await page.getByRole("searchbox", { name: "Search" }).inputValue()).toBe("dashboard");
  });

  test("whoever signs out in one tab is signed out in the other as well", async () => {
    const visitor = await newVisitor(product, { expected: UNAUTHORIZED });
    const session = await signIn(product);
    const one = await openApiKeysOf(visitor, session);
    const other = await openApiKeysOf(visitor, session);
    await other.getByRole("button", { name: `Account: ${OWNER}` }).click();
    await other.getByRole("menuitem", { name: "Sign out" }).click();
    await other.getByText("You are signed out.").waitFor();
    // What a browser tells a tab that somebody returns to; without a screen no tab ever loses the focus.
    await one.evaluate(() => window.dispatchEvent(new Event("focus")));
    await one.getByText(SESSION_ENDED).waitFor();
    await other.goBack();
    await other.getByRole("heading", { name: "Sign in to Latchkey" }).waitFor();
    expect(await other.getByText("Warehouse sync").count()).toBe(0);
  });
});

describe("the form for a new key", () => {
  test("a double click and a hurried Enter make one key", async () => {
    const page = await openApiKeysOf(await newVisitor(product), owner);
    const form = await openCreateDialog(page);
    await form.getByRole("checkbox", { name: "Read analytics" }).check();
    await form.getByLabel("Name", { exact: true }).fill("Made once");
    // All within one turn of the page, before anything can be drawn.
    await form.getByRole("button", { name: "Create key" }).evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
      button.form?.requestSubmit();
    });
    await keysPage.shownKey(page).waitFor();
    await keysPage.closeReveal(page);
    expect((await owner.keyNames()).filter((name) => name === "Made once")).toHaveLength(1);
  });

  test("what cannot be is told at its field, and nothing is made", async () => {
    const page = await openApiKeysOf(await newVisitor(product), owner);
    const before = await owner.keyNames();
    const form = await openCreateDialog(page);
    const name = form.getByLabel("Name", { exact: true });
    const expiry = form.getByLabel("Expiry in days");
    const submit = form.getByRole("button", { name: "Create key" });

    await name.fill("Never made");
    await submit.click();
    await form.getByRole("alert").getByText("Choose at least one permission.").waitFor();
    await form.getByRole("checkbox", { name: "Read analytics" }).check();
    for (const [text, message] of [
      ["", "Give the key a name."],
      ["   ", "Give the key a name."],
      ["x".repeat(65), "A name has at most 64 characters."],
      ["two\u0007bells", "The name contains a control"],
      ["right\u202Eleft", "The name contains a control"],
    ] as const) {
      await name.fill(text);
      await submit.click();
      await form.getByText(message).waitFor();
      expect(await name.getAttribute("aria-invalid"), text).toBe("true");
      await expectDescribedBy(page, name, message);
    }
    await name.fill("Never made");
    for (const [text, message] of [
      ["0", "Expiry is at least 1 day."],
      ["3651", "Expiry is at most 3650 days."],
      ["1.5", "Expiry is a whole number of days"],
      ["soon", "Expiry is a whole number of days"],
      ["-7", "Expiry is a whole number of days"],
    ] as const) {
      await expiry.fill(text);
      await submit.click();
      await form.getByText(message).waitFor();
      await expectDescribedBy(page, expiry, message);
    }
    expect(await owner.keyNames()).toEqual(before);
    await form.getByRole("button", { name: "Cancel" }).click();
    await dialog(page).waitFor({ state: "detached" });
  });
});

/** A screen reader reads the message with the field. */
async function expectDescribedBy(page: Page, field: ReturnType<Page["getByLabel"]>, message: string): Promise<void> {
  const ids = ((await field.getAttribute("aria-describedby")) ?? "").split(" ").filter((id) => id !== "");
  const texts = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).innerText()));
  expect(texts.join(" ")).toContain(message);
}
