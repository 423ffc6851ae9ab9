import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const FOLDER = join(import.meta.dirname, "../docs/images");
/** The pictures show the demo, whose dates are never the same twice: an ordinary run must not change them. */
const IS_ASKED_FOR = process.env["UPDATE_IMAGES"] === "1";

/** Takes a picture of the page as it stands, and with `UPDATE_IMAGES=1` puts it into the documentation. */
export async function pictureForDocs(page: Page, name: string): Promise<void> {
  // Nothing under the pointer, and no ring around what was used last.
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
  if (IS_ASKED_FOR) writeFileSync(join(FOLDER, `${name}.png`), picture);
}
