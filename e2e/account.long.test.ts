import { createHmac } from "node:crypto";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dialog, signInOnPage } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { signIn } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

const ACCOUNT = "/settings/account";
const OWNER = "owner@acme.example";
const ADMIN = "admin@acme.example";
const PASSWORD = "latchkey-demo";
/** What the browser says of a refused code. */
const REFUSED = { expected: /status of 4\d\d/ };

useBrowser();
let product: Product;
beforeAll(async () => {
  product = await startSeededProduct();
});
afterAll(endProducts);

async function openAccount(visitor: BrowserContext, email: string): Promise<Page> {
  const page = await visitor.newPage();
  await page.goto(ACCOUNT);
  await signInOnPage(page, email);
  await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor();
  await page.getByText("This browser", { exact: true }).waitFor();
  return page;
}

/** An authenticator app (RFC 6238) that was given the key by hand. */
class Authenticator {
  readonly #key: Buffer;
  #lastStep = 0;

  constructor(key: string) {
    const bits = [...key.replaceAll(" ", "")].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0"));
    this.#key = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  }

  /** Never the same twice: the next one is accepted half a minute early. */
  code(): string {
    this.#lastStep = Math.max(Math.floor(Date.now() / 30_000), this.#lastStep + 1);
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(this.#lastStep));
    const digest = createHmac("sha1", this.#key).update(counter).digest();
    const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7fff_ffff;
    return String(number % 1_000_000).padStart(6, "0");
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** By keyboard alone, up to the recovery codes. */
async function setUp(page: Page): Promise<Authenticator> {
  await page.getByRole("button", { name: "Set up" }).focus();
  await page.keyboard.press("Enter");
  await dialog(page).getByLabel("Your password", { exact: true }).waitFor();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  const app = new Authenticator(await dialog(page).getByLabel("Key for your authenticator").innerText());
  await page.keyboard.type(app.code());
  await page.keyboard.press("Enter");
  await dialog(page).getByRole("list", { name: "Recovery codes" }).waitFor();
  return app;
}

describe("a second factor", () => {
  test("is set up by keyboard, asked for at the next sign-in, and its recovery codes are shown once", async () => {
    const page = await openAccount(await newVisitor(product, REFUSED), OWNER);
    expect(await barriersIn(page)).toEqual([]);
    const app = await setUp(page);
    const codes = await dialog(page)
      .getByRole("list", { name: "Recovery codes" })
      .getByRole("listitem")
      .allInnerTexts();
    expect(codes).toHaveLength(10);
    expect(await barriersIn(page)).toEqual([]);

    // Escape does not take the only copy away.
    await page.keyboard.press("Escape");
    await dialog(page).getByText("Keep the codes first").waitFor();
    await dialog(page).getByLabel("I have kept these codes").check();
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await page.getByText("10 recovery codes are left.").waitFor();
    for (const code of codes) expect(await page.content()).not.toContain(code);

    await page.getByRole("button", { name: /Account:/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await signInOnPage(page, OWNER);
    await page.getByRole("heading", { name: "Enter your code" }).waitFor();
    expect(await barriersIn(page)).toEqual([]);
    const code = page.getByLabel("Code", { exact: true });
    await code.fill("000000");
    await page.keyboard.press("Enter");
    await page.getByText("This code is not right.").waitFor();
    await code.fill(app.code());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();

    // A recovery code does as well, once.
    const other = await (await newVisitor(product, REFUSED)).newPage();
    await other.goto(ACCOUNT);
    for (const outcome of ["Your account", "Enter your code"]) {
      await signInOnPage(other, OWNER);
      await other.getByRole("button", { name: "Use a recovery code instead" }).click();
      await other.getByLabel("Recovery code", { exact: true }).fill(codes[0] ?? "");
      await other.keyboard.press("Enter");
      if (outcome === "Enter your code") await other.getByText("or it was used already").waitFor();
      await other.getByRole("heading", { name: outcome, level: 1 }).waitFor();
      await other.context().clearCookies();
      await other.goto(`/sign-in?next=${ACCOUNT}`);
    }
    await page.close();
  });

  test("that a team requires leads its admin to set one up, and lets them in then", async () => {
    const owner = await openAccount(await newVisitor(product), "owner@globex.example");
    await setUp(owner);
    await dialog(owner).getByLabel("I have kept these codes").check();
    await dialog(owner).getByRole("button", { name: "Done" }).click();
    await owner.getByText("10 recovery codes are left.").waitFor();
    await owner.goto("/settings/team/members");
    await owner.getByRole("switch", { name: "Require a second factor" }).click();
    await dialog(owner).getByRole("button", { name: "Require it" }).click();
    await owner.getByText("requires a second factor of its owners and admins.").first().waitFor();
    expect(await barriersIn(owner)).toEqual([]);

    const admin = await (await newVisitor(product)).newPage();
    await admin.goto("/settings/team/api-keys");
    await signInOnPage(admin, "admin@globex.example");
    await admin.waitForURL(`**${ACCOUNT}`);
    await admin.getByText("Set up a second factor to go on").waitFor();
    await setUp(admin);
    await dialog(admin).getByLabel("I have kept these codes").check();
    await dialog(admin).getByRole("button", { name: "Done" }).click();
    await admin.getByText("so it cannot be turned off").waitFor();
    await admin.getByRole("link", { name: "API Keys" }).click();
    await admin.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();
  });
});

test("one's sessions are told apart, and end at once", async () => {
  const phone = await signIn(product, ADMIN);
  const page = await openAccount(await newVisitor(product), ADMIN);
  await page.getByText("Chrome on Linux").waitFor();
  await page.getByRole("button", { name: "End the session Unknown device" }).first().click();
  await page.getByText("The session has ended.").waitFor();
  const { body } = await phone.graphql("{ viewer { role } }");
  expect((body as { data: { viewer: unknown } }).data.viewer).toBeNull();
  await page.getByText("You are signed in nowhere else.").waitFor();
});
