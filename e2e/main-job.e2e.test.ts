import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeReveal, createKeyOnPage, dialog, openApiKeys, rowOf, shownKey } from "./api-keys-page.ts";
import { newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, OWNER } from "./client.ts";
import { retainersOf, takeHeapSnapshot } from "./heap-snapshot.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";
import { tracesIn } from "./secret-traces.ts";

useBrowser();
let product: Product;
beforeAll(async () => {
  product = await startSeededProduct();
});
afterAll(endProducts);

async function secretOnShow(page: Page): Promise<string> {
  const secret = (await shownKey(page).textContent()) ?? "";
  expect(secret).toMatch(/^lk_[0-9A-Za-z]{38}$/);
  return secret;
}

test("a key made in the page opens the API, its last use moves, and from the click on Revoke on it is refused", async () => {
  const page = await openApiKeys(await newVisitor(product), OWNER);
  await createKeyOnPage(page, "Main job", "90");
  const secret = await secretOnShow(page);
  await closeReveal(page);

  const row = rowOf(page, "Main job");
  await row.getByText("Never used").waitFor();
  expect(await row.textContent()).toContain(secret.slice(0, 7));
  expect(await callWithKey(product, secret)).toMatchObject({
    status: 200,
    body: { user: { name: "Olivia Owner" }, key: { name: "Main job", effectivePermissions: ["analytics:read"] } },
  });
  // Within 10 s, plus the time until the list is asked for again has passed through the network and onto the screen.
  await row.getByText(/^(now|\d+ seconds? ago)$/).waitFor({ timeout: 12_000 });

  await row.getByRole("button", { name: "Revoke Main job" }).click();
  await dialog(page).getByText("This cannot be undone.").waitFor();
  await dialog(page).getByRole("button", { name: "Revoke key" }).click();
  await page.getByText("Revoked Main job.").waitFor();
  expect(await callWithKey(product, secret)).toMatchObject({ status: 401, code: "key_revoked" });

  await row.waitFor({ state: "detached" });
  await page.getByRole("switch", { name: "Show revoked" }).click();
  await row.getByText("Revoked", { exact: true }).waitFor();
});

test("when its dialog has closed, the secret is nowhere in the browser, and no way back shows it again", async () => {
  const page = await openApiKeys(await newVisitor(product), OWNER);
  // A step in the history of this page, for Back to lead to.
  await page.getByRole("switch", { name: "Show revoked" }).click();
  await rowOf(page, "Never deployed").waitFor();
  await createKeyOnPage(page, "Shown once");
  const secret = await secretOnShow(page);
  const sought = [{ name: "the secret", secret }];
  // The search itself is worth something only if it finds what is there.
  expect(tracesIn(await takeHeapSnapshot(page), "heap", sought)).not.toEqual([]);
  await closeReveal(page);
  await rowOf(page, "Shown once").waitFor();

  const snapshot = await takeHeapSnapshot(page);
  const traces = tracesIn(snapshot, "heap", sought);
  const heldBy = traces.length === 0 ? [] : retainersOf(snapshot, (text) => tracesIn(text, "heap", sought).length > 0);
  expect({ traces, heldBy }).toEqual({ traces: [], heldBy: [] });
  expect(tracesIn(await everythingKept(page), "page", sought)).toEqual([]);

  await page.goBack();
  await rowOf(page, "Never deployed").waitFor({ state: "detached" });
  expect(tracesIn(await everythingKept(page), "page after Back", sought)).toEqual([]);
  await page.goForward();
  await page.reload();
  await rowOf(page, "Shown once").waitFor();
  expect(tracesIn(await everythingKept(page), "page after reload", sought)).toEqual([]);
});

/** What a browser keeps of a page outside its JavaScript, and the document itself. Apollo's cache is in the heap. */
async function everythingKept(page: Page): Promise<string> {
  const cookies = JSON.stringify(await page.context().cookies());
  return (await page.evaluate(collectKept)) + page.url() + cookies;
}

/** Runs in the page. */
async function collectKept(): Promise<string> {
  const kept = [document.title, location.href, JSON.stringify(history.state), document.documentElement.outerHTML];
  for (const field of document.querySelectorAll("input")) kept.push(field.value);
  for (const storage of [localStorage, sessionStorage]) kept.push(JSON.stringify({ ...storage }));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept.push(request.url, (await (await cache.match(request))?.text()) ?? "");
    }
  }
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name ?? "");
      opening.addEventListener("success", () => resolve(opening.result));
      opening.addEventListener("error", () => reject(new Error("An IndexedDB cannot be opened.")));
    });
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => all.addEventListener("success", resolve));
      kept.push(store, JSON.stringify(all.result));
    }
    database.close();
  }
  return kept.join("\n");
}
