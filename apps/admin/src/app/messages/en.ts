import { accountMailMessages } from "./en-account-mail.ts";
import { accountMessages } from "./en-account.ts";
import { apiKeysMessages } from "./en-api-keys.ts";
import { apiKeysReviewMessages } from "./en-api-keys-review.ts";
import { apiKeysReplaceMessages } from "./en-api-keys-replace.ts";
import { auditLogMessages } from "./en-audit-log.ts";
import { backofficeMessages } from "./en-backoffice.ts";
import { billingMessages } from "./en-billing.ts";
import { callsMessages } from "./en-calls.ts";
import { keyDrawerMessages } from "./en-key-drawer.ts";
import { membersMessages } from "./en-members.ts";
import { notificationsMessages } from "./en-notifications.ts";
import { providerSignInMessages } from "./en-provider-sign-in.ts";
import { shellMessages } from "./en-shell.ts";
import { signInMessages } from "./en-sign-in.ts";
import { teamsMessages } from "./en-teams.ts";

/** Every text of the page in English, as ICU messages. Another language is another object of this shape. */
export const en = {
  ...shellMessages,
  ...signInMessages,
  ...accountMailMessages,
  ...providerSignInMessages,
  ...apiKeysMessages,
  ...apiKeysReplaceMessages,
  ...apiKeysReviewMessages,
  ...keyDrawerMessages,
  ...membersMessages,
  ...billingMessages,
  ...teamsMessages,
  ...accountMessages,
  ...auditLogMessages,
  ...callsMessages,
  ...notificationsMessages,
  ...backofficeMessages,
};

declare module "use-intl" {
  interface AppConfig {
    Locale: "en";
    Messages: typeof en;
  }
}
