import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeReveal, dialog, openApiKeysOf, openCreateDialog, rowOf, shownKey } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, signIn, type Session } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

const LOST = "The key was made, but its secret got lost on the way";
/** What the browser's console says of an answer that is lost. */
const expected = /net::ERR_CONNECTION_RESET/;

useBrowser();
let product: Product;
let owner: Session;
beforeAll(async () => {
  product = await startSeededProduct();
  owner = await signIn(product);
});
afterAll(endProducts);

/** The server answers the first creation, and the network loses what it says. */
async function loseFirstCreation(page: Page): Promise<void> {
  let isLost = false;
  await page.route("**/graphql", async (route) => {
    if (isLost || route.request().postData()?.includes("mutation CreateApiKey") !== true) return route.continue();
    isLost = true;
    await route.fetch();
    return route.abort("connectionreset");
  });
}

/** A filled form whose answer was lost. */
async function createInVain(name: string) {
  const page = await openApiKeysOf(await newVisitor(product, { expected }), owner);
  await loseFirstCreation(page);
  const form = await openCreateDialog(page);
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByRole("checkbox", { name: "Read analytics" }).check();
  await form.getByRole("button", { name: "Create key" }).click();
  await form.getByRole("alert").getByText("No answer arrived").waitFor();
  return { page, form };
}

async function keysCalled(name: string): Promise<string[]> {
  const { body } = await owner.graphql(
    "query ($name: String) { apiKeys(filter: { search: $name }) { nodes { status } } }",
    {
      name,
    },
  );
  const { nodes } = (body as { data: { apiKeys: { nodes: { status: string }[] } } }).data.apiKeys;
  return nodes.map(({ status }) => status).toSorted();
}

describe("a new key whose answer is lost by the network", () => {
  test("is found at the next attempt, revoked, and made anew with what was typed", async () => {
    const name = "Lost on the way";
    const { page, form } = await createInVain(name);
    expect(await keysCalled(name)).toEqual(["ACTIVE"]);
    await form.getByRole("button", { name: "Try again" }).click();
    await form.getByRole("alert").getByText(LOST).waitFor();
    await page.getByRole("button", { name: "Leave it" }).and(page.locator(":focus")).waitFor();
    expect(await keysCalled(name)).toEqual(["ACTIVE"]);
    expect(await barriersIn(page)).toEqual([]);

    await form.getByRole("button", { name: "Revoke and make a new one" }).click();
    const secret = (await shownKey(page).textContent()) ?? "";
    expect(await callWithKey(product, secret)).toMatchObject({ status: 200 });
    await closeReveal(page);
    await rowOf(page, name).waitFor();
    expect(await keysCalled(name)).toEqual(["ACTIVE", "REVOKED"]);
  });

  test("is found also when the form was changed in between, and stays alone when it is left", async () => {
    const { page, form } = await createInVain("Typed first");
    await form.getByLabel("Name", { exact: true }).fill("Typed second");
    await form.getByRole("button", { name: "Try again" }).click();
    await form.getByRole("alert").getByText(LOST).waitFor();
    await form.getByText("Typed first").waitFor();
    await form.getByRole("button", { name: "Leave it" }).click();
    await dialog(page).waitFor({ state: "detached" });
    await rowOf(page, "Typed first").waitFor();
    expect(await keysCalled("Typed")).toEqual(["ACTIVE"]);
  });
});
