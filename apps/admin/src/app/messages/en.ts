import { apiKeysMessages } from "./en-api-keys.ts";
import { shellMessages } from "./en-shell.ts";
import { signInMessages } from "./en-sign-in.ts";

/** Every text of the page in English, as ICU messages. Another language is another object of this shape. */
export const en = { ...shellMessages, ...signInMessages, ...apiKeysMessages };

declare module "use-intl" {
  interface AppConfig {
    Locale: "en";
    Messages: typeof en;
  }
}
