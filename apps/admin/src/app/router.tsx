import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { AccountPage } from "../features/account/account-page.tsx";
import { AcceptInvitationPage } from "../features/accept-invitation/accept-invitation-page.tsx";
import { ApiKeysPage } from "../features/api-keys/api-keys-page.tsx";
import { parseApiKeysSearch } from "../features/api-keys/api-keys-search.ts";
import { BillingPage } from "../features/billing/billing-page.tsx";
import { BackofficePage } from "../features/backoffice/backoffice-page.tsx";
import { parseBackofficeSearch } from "../features/backoffice/backoffice-search.ts";
import { CreateTeamPage } from "../features/create-team/create-team-page.tsx";
import { ForgotPasswordPage } from "../features/forgot-password/forgot-password-page.tsx";
import { MembersPage } from "../features/members/members-page.tsx";
import { parseMembersSearch } from "../features/members/members-search.ts";
import { ResetPasswordPage } from "../features/reset-password/reset-password-page.tsx";
import { SignInPage } from "../features/sign-in/sign-in-page.tsx";
import { VerifyEmailPage } from "../features/verify-email/verify-email-page.tsx";
import { CrashPage } from "./crash-page.tsx";
import { NotFoundPage } from "./not-found-page.tsx";
import { parseResetPasswordSearch, parseSignInSearch, parseSearch, stringifySearch } from "./search.ts";
import { Shell } from "./shell/shell.tsx";

const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: parseSignInSearch,
  component: SignInPage,
});

const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forgot-password",
  component: ForgotPasswordPage,
});

const verifyEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/verify-email",
  validateSearch: parseResetPasswordSearch,
  component: VerifyEmailPage,
});

const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset-password",
  validateSearch: parseResetPasswordSearch,
  component: ResetPasswordPage,
});

const acceptInvitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/accept-invitation/$token",
  component: AcceptInvitationPage,
});

const signedInRoute = createRoute({ getParentRoute: () => rootRoute, id: "signed-in", component: Shell });

const apiKeysRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/team/api-keys",
  validateSearch: parseApiKeysSearch,
  component: ApiKeysPage,
});

const membersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/team/members",
  validateSearch: parseMembersSearch,
  component: MembersPage,
});

const billingRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/team/billing",
  component: BillingPage,
});

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/settings/account",
  component: AccountPage,
});

const createTeamRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/teams/new",
  component: CreateTeamPage,
});

const backofficeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/backoffice",
  validateSearch: parseBackofficeSearch,
  component: BackofficePage,
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
      membersRoute,
      billingRoute,
      accountRoute,
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
