import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { openApiKeysOf } from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { signIn } from "./client.ts";
import { postgresUrl } from "./postgres-processes.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

useBrowser();
let product: Product;
beforeAll(async () => {
  product = await startSeededProduct();
});
afterAll(endProducts);

/** The demo's past is told by the first run of the schedule, right behind the start. */
const bell = (page: Page) => page.getByRole("link", { name: /^Notifications, \d+ unread$/ });
const unreadOf = async (page: Page) => Number(/\d+/.exec((await bell(page).getAttribute("aria-label")) ?? "")?.[0]);
const unreadItems = (page: Page) => page.getByRole("button", { name: /^Mark as read: / });

async function openNotifications(email: string): Promise<Page> {
  const person = await signIn(product, email);
  await expect
    .poll(
      async () => {
        const { body } = await person.get("/api/v1/notifications");
        return (body as { data: { kind: string }[] }).data.map(({ kind }) => kind);
      },
      { timeout: 30_000 },
    )
    .toEqual(expect.arrayContaining(["KEY_CREATED", "KEY_EXPIRES", "KEY_UNUSED"]));
  const page = await openApiKeysOf(await newVisitor(product), person);
  await bell(page).click();
  await page.getByRole("heading", { name: "Notifications", level: 1 }).waitFor();
  return page;
}

test("an owner finds by the bell what happened to keys, reads it, and follows it to the key", async () => {
  const page = await openNotifications("owner@acme.example");
  await unreadItems(page).first().waitFor();
  expect(await barriersIn(page)).toEqual([]);
  const all = await unreadOf(page);
  expect(await unreadItems(page).count()).toBe(all);

  await page.getByRole("button", { name: "Mark as read: Adam Admin created the key “BI dashboard 2026-Q4”." }).click();
  await page.getByRole("link", { name: `Notifications, ${all - 1} unread` }).waitFor();
  await page.getByRole("link", { name: /^Unread: The key “Partner feed” has not been used for 90 days\.$/ }).click();
  await page.waitForURL(/\/settings\/team\/api-keys\?key=key_\w+/);
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("link", { name: `Notifications, ${all - 2} unread` }).click();
  await unreadItems(page).first().waitFor();
  expect(await unreadItems(page).count()).toBe(all - 2);
});

test("only the unread ones are a matter of the address, and all are read at once", async () => {
  const page = await openNotifications("admin@acme.example");
  await page.getByRole("switch", { name: "Unread only" }).check();
  await page.waitForURL(/\/notifications\?unread=1$/);
  await page.reload();
  await unreadItems(page).first().waitFor();
  expect(await page.getByRole("switch", { name: "Unread only" }).isChecked()).toBe(true);
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await page.getByRole("heading", { name: "You have read everything" }).waitFor();
  await page.getByRole("link", { name: "Notifications", exact: true }).waitFor();
  expect(await barriersIn(page)).toEqual([]);
  await page.getByRole("button", { name: "Show all" }).click();
  await page.waitForURL(/\/notifications$/);
  await page.getByRole("list", { name: "Notifications" }).waitFor();
  expect(await unreadItems(page).count()).toBe(0);
});

test("a viewer who made no key has nothing to read, and is told what they will be told of", async () => {
  const viewer = await signIn(product, "viewer@acme.example");
  const page = await openApiKeysOf(await newVisitor(product), viewer);
  await page.getByRole("link", { name: "Notifications", exact: true }).click();
  await page.getByRole("heading", { name: "Nothing has happened yet" }).waitFor();
  expect(await barriersIn(page)).toEqual([]);
});

test("a link opens in the team that it names", async () => {
  await runSql(
    postgresUrl(product.dataDir),
    `INSERT INTO member (id, team_id, user_id, role)
     SELECT 'member_of_both', t.id, u.id, 'viewer' FROM team t, "user" u
      WHERE t.slug = 'globex-media' AND u.email = 'manager@acme.example'`,
  );
  const manager = await signIn(product, "manager@acme.example");
  const page = await openApiKeysOf(await newVisitor(product), manager);
  await page.getByRole("button", { name: "Switch team: Acme Ads" }).waitFor();
  await page.goto("/settings/team/api-keys?team=globex-media");
  await page.getByRole("button", { name: "Switch team: Globex Media" }).waitFor();
  await page.goto("/settings/team/api-keys?team=not-theirs");
  await page.getByRole("button", { name: "Switch team: Globex Media" }).waitFor();
});

test("without a mail server the account says that notifications cannot be mailed", async () => {
  const page = await openApiKeysOf(await newVisitor(product), await signIn(product, "owner@globex.example"));
  await page.goto("/settings/account");
  await page.getByText("This server sends no mails.").waitFor();
  expect(await page.getByRole("switch", { name: "Send me notifications by e-mail too" }).isDisabled()).toBe(true);
  expect(await barriersIn(page)).toEqual([]);
});
