import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { parseApiKeysSearch } from "../features/api-keys/api-keys-search.ts";
import { parseAuditLogSearch } from "../features/audit-log/audit-log-search.ts";
import { parseBackofficeSearch } from "../features/backoffice/backoffice-search.ts";
import { parseMembersSearch } from "../features/members/members-search.ts";
import { parseNotificationsSearch } from "../features/notifications/notifications-search.ts";
import { CrashPage } from "./crash-page.tsx";
import { NotFoundPage } from "./not-found-page.tsx";
import { parseResetPasswordSearch, parseSignInSearch, parseSearch, stringifySearch } from "./search.ts";
import { Shell } from "./shell/shell.tsx";

// Each page is a chunk of its own, loaded with its route: who signs in does not wait for the backoffice.
const page = lazyRouteComponent;

const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: parseSignInSearch,
  component: page(() => import("../features/sign-in/sign-in-page.tsx"), "SignInPage"),
});

const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forgot-password",
  component: page(() => import("../features/forgot-password/forgot-password-page.tsx"), "ForgotPasswordPage"),
});

const verifyEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/verify-email",
  validateSearch: parseResetPasswordSearch,
  component: page(() => import("../features/verify-email/verify-email-page.tsx"), "VerifyEmailPage"),
});

const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset-password",
  validateSearch: parseResetPasswordSearch,
  component: page(() => import("../features/reset-password/reset-password-page.tsx"), "ResetPasswordPage"),
});

const acceptInvitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/accept-invitation/$token",
  component: page(() => import("../features/accept-invitation/accept-invitation-page.tsx"), "AcceptInvitationPage"),
});

const signedInRoute = createRoute({ getParentRoute: () => rootRoute, id: "signed-in", component: Shell });

const apiKeysRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/team/api-keys",
  validateSearch: parseApiKeysSearch,
  component: page(() => import("../features/api-keys/api-keys-page.tsx"), "ApiKeysPage"),
});

const apiKeysReviewRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/team/api-keys/review",
  component: page(() => import("../features/api-keys/review/review-page.tsx"), "ReviewPage"),
});

const membersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/team/members",
  validateSearch: parseMembersSearch,
  component: page(() => import("../features/members/members-page.tsx"), "MembersPage"),
});

const billingRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/team/billing",
  component: page(() => import("../features/billing/billing-page.tsx"), "BillingPage"),
});

const auditLogRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/team/audit-log",
  validateSearch: parseAuditLogSearch,
  component: page(() => import("../features/audit-log/audit-log-page.tsx"), "AuditLogPage"),
});

const refusalRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/team/requests/$requestId",
  component: page(() => import("../features/audit-log/refusal-page.tsx"), "RefusalPage"),
});

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/account",
  component: page(() => import("../features/account/account-page.tsx"), "AccountPage"),
});

const notificationsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/notifications",
  validateSearch: parseNotificationsSearch,
  component: page(() => import("../features/notifications/notifications-page.tsx"), "NotificationsPage"),
});

const createTeamRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/teams/new",
  component: page(() => import("../features/create-team/create-team-page.tsx"), "CreateTeamPage"),
});

const backofficeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/backoffice",
  validateSearch: parseBackofficeSearch,
  component: page(() => import("../features/backoffice/backoffice-page.tsx"), "BackofficePage"),
});

const redirects = (["/", "/settings/api-keys", "/settings", "/settings/team"] as const).map((path) =>
  createRoute({
    getParentRoute: () => rootRoute,
    path,
    beforeLoad: () => {
      throw redirect({ to: "/settings/team/api-keys", search: {}, replace: true });
    },
  }),
);

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    forgotPasswordRoute,
    verifyEmailRoute,
    resetPasswordRoute,
    acceptInvitationRoute,
    signedInRoute.addChildren([
      apiKeysRoute,
      apiKeysReviewRoute,
      membersRoute,
      billingRoute,
      auditLogRoute,
      refusalRoute,
      accountRoute,
      notificationsRoute,
      createTeamRoute,
      backofficeRoute,
    ]),
    ...redirects,
  ]),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }

  interface HistoryState {
    /** The cursors of the pages before this one, oldest first, so that *Previous* works with forward-only cursors. */
    earlierCursors?: readonly (string | null)[];
  }
}
