import AxeBuilder from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { CHROMIUM_FLAGS } from "./chromium.ts";
import type { Launched } from "./product.ts";

/** Long strings of a heap snapshot are cut off unless told otherwise, and a secret could be in what is cut. */
const WHOLE_STRINGS = "--js-flags=--heap-snapshot-string-limit=1000000";
const PATIENCE_MS = 10_000;

let browser: Browser | null = null;
const contexts = new Set<BrowserContext>();
const complaints: string[] = [];

/** Call once in a test file: a browser for its tests, each of which fails when a page of it complained. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: inject("chromium"),
      args: [...CHROMIUM_FLAGS, WHOLE_STRINGS],
    });
  });
  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()));
    contexts.clear();
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser?.close());
}

interface VisitorOptions extends Pick<BrowserContextOptions, "colorScheme" | "viewport" | "permissions"> {
  /** Complaints of the browser's console that belong to the test, such as that of a refused sign-in. */
  readonly expected?: RegExp;
}

/** Somebody with a browser of their own: no cookie or storage is shared with another visitor. */
export async function newVisitor(target: Pick<Launched, "url">, options: VisitorOptions = {}): Promise<BrowserContext> {
  if (browser === null) throw new Error("Call useBrowser() in this file.");
  const { expected, ...contextOptions } = options;
  const context = await browser.newContext({
    baseURL: target.url,
    locale: "en-GB",
    reducedMotion: "reduce",
    ...contextOptions,
  });
  contexts.add(context);
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(reportPolicyViolations);
  const complain = (kind: string, text: string) => {
    if (expected?.test(text) !== true) complaints.push(`${kind}: ${text}`);
  };
  context.on("weberror", (error) => complain("page error", String(error.error().stack ?? error.error())));
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complain(`console ${message.type()}`, message.text());
  });
  return context;
}

/** Runs in the page. Not every violation of the policy is an error in the console. */
function reportPolicyViolations(): void {
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    console.error(`Content security policy: ${violatedDirective} refused ${blockedURI}`);
  });
}

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

/**
 * What is in somebody's way on the page as it stands, one line each: what axe calls serious or critical, and what runs
 * over the edge. Wide in light and in dark, and narrow; only contrast depends on the colours, so dark asks for nothing else.
 */
export async function barriersIn(page: Page): Promise<string[]> {
  const barriers: string[] = [];
  for (const { look, colorScheme, viewport, contrastOnly } of [
    { look: "narrow", colorScheme: "light", viewport: NARROW, contrastOnly: false },
    { look: "dark", colorScheme: "dark", viewport: WIDE, contrastOnly: true },
    { look: "light", colorScheme: "light", viewport: WIDE, contrastOnly: false },
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    await page.evaluate(transitionsToEnd);
    const overflow = await settledOverflow(page);
    if (overflow > 0) barriers.push(`${look}: ${overflow} pixels over the edge`);
    for (const finding of await seriousAxeFindings(page, contrastOnly)) barriers.push(`${look}: ${finding}`);
  }
  return barriers;
}

async function seriousAxeFindings(page: Page, contrastOnly: boolean): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
  if (contrastOnly) axe.withRules("color-contrast");
  // There are no foreign frames, for which the other mode opens a page of its own each time.
  const { violations } = await axe.setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
    );
}

/**
 * Runs in the page. An inherited colour is handed down by one transition after the other, a frame each; half-way text
 * has the contrast of neither look.
 */
async function transitionsToEnd(): Promise<void> {
  for (let quietFrames = 0; quietFrames < 3; quietFrames += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (document.getAnimations().some((animation) => animation instanceof CSSTransition)) quietFrames = -1;
  }
}

/** By how many pixels the page is wider than its window, once it has answered to a change of its width. */
async function settledOverflow(page: Page): Promise<number> {
  for (let attempt = 0; ; attempt += 1) {
    const pixels = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (pixels <= 0 || attempt === 20) return pixels;
    await page.waitForTimeout(100);
  }
}
