import { useQuery } from "@apollo/client/react";
import { AppShell, Burger, Center, Group, Loader } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Navigate, Outlet, useMatchRoute, useRouter } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Brand } from "../../components/brand.tsx";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ShellDocument, type ShellQuery } from "../../generated/graphql.ts";
import { requestFailure } from "../../graphql/request-failure.ts";
import { CurrentTeamProvider, type CurrentTeam } from "../../session/current-team.ts";
import { useOpenDialogKind } from "../../session/open-dialogs.ts";
import { TeamEntryProvider } from "../../session/team-entry.ts";
import { NotFoundPage } from "../not-found-page.tsx";
import { MembershipNotice } from "./membership-notice.tsx";
import { NotificationBell, useUnreadCount } from "./notification-bell.tsx";
import { NoTeam } from "./no-team.tsx";
import { SettingsNavigation } from "./settings-navigation.tsx";
import classes from "./shell.module.css";
import { OtherTabNotice } from "./other-tab-notice.tsx";
import { TeamLost } from "./team-lost.tsx";
import { TeamSwitcher } from "./team-switcher.tsx";
import { VisitorBanner } from "./visitor-banner.tsx";
import { UserMenu } from "./user-menu.tsx";
import { useTeamInAddress } from "./use-team-in-address.ts";
import { useTabWatch } from "./use-tab-watch.ts";
import { useTeamSwitch } from "./use-team-switch.ts";

export type ShellViewer = NonNullable<ShellQuery["viewer"]>;

/** The frame of every page behind sign-in: who is here, in which team, and the way around. */
export function Shell() {
  const teamSwitch = useTeamSwitch();
  const isBackoffice = useMatchRoute()({ to: "/backoffice" }) !== false;
  const { data, previousData, error, refetch } = useQuery(ShellDocument, {
    variables: { teamId: teamSwitch.teamId },
    skip: teamSwitch.isSwitching,
  });
  const viewer = (data ?? previousData)?.viewer;
  useSignInRedirect(data?.viewer === null);
  const isOpening = useTeamInAddress(data?.viewer, teamSwitch.openTeam);

  if (data?.viewer?.team === null && teamSwitch.teamId !== null) return <TeamGone onLeave={teamSwitch.leaveTeam} />;
  if (viewer === undefined || viewer === null || teamSwitch.isSwitching || isOpening) {
    const isFailed = error !== undefined && requestFailure(error) !== "unauthenticated";
    return isFailed ? <FailureScreen error={error} onRetry={() => void refetch()} /> : <LoadingScreen />;
  }
  if (isBackoffice && !viewer.isSuperAdmin) return <NotFoundPage />;
  // Without an explicit team a refetch would answer for the selected one, which may be another by now.
  const onStale = (teamId: string) => {
    if (teamSwitch.teamId === teamId) void refetch();
    else teamSwitch.showTeam(teamId);
  };
  const entry = {
    enterTeam: teamSwitch.enterTeam,
    switchTeam: teamSwitch.switchTeam,
    refreshViewer: () => (viewer.team === null ? void refetch() : onStale(viewer.team.id)),
  };
  return (
    <TeamEntryProvider value={entry}>
      <ShellFrame viewer={viewer} onSwitchTeam={teamSwitch.switchTeam}>
        <ShellContent viewer={viewer} onSwitchTeam={teamSwitch.switchTeam} onStale={onStale} />
      </ShellFrame>
    </TeamEntryProvider>
  );
}

interface ShellContentProps {
  readonly viewer: ShellViewer;
  readonly onSwitchTeam: (teamId: string) => void;
  readonly onStale: (teamId: string) => void;
}

function ShellContent({ viewer, onSwitchTeam, onStale }: ShellContentProps) {
  const matchRoute = useMatchRoute();
  const isAccount = matchRoute({ to: "/settings/account" }) !== false;
  const needsNoTeam =
    isAccount || (["/teams/new", "/backoffice", "/notifications"] as const).some((to) => matchRoute({ to }) !== false);
  // Nothing else answers until there is one: the page says why.
  if (viewer.needsSecondFactor) return isAccount ? <Outlet /> : <Navigate to="/settings/account" replace />;
  const team = currentTeam(viewer);
  if (team !== null) {
    return <TeamContent team={team} needsNoTeam={needsNoTeam} onSwitchTeam={onSwitchTeam} onStale={onStale} />;
  }
  return needsNoTeam ? <Outlet /> : <NoTeam email={viewer.user.email} isSuperAdmin={viewer.isSuperAdmin} />;
}

interface TeamContentProps extends Pick<ShellContentProps, "onSwitchTeam" | "onStale"> {
  readonly team: CurrentTeam;
  /** The page on show is about no team. */
  readonly needsNoTeam: boolean;
}

function TeamContent({ team, needsNoTeam, onSwitchTeam, onStale }: TeamContentProps) {
  const { selected, change, dismissChange } = useTabWatch(team, onStale);
  const isDialogOpen = useOpenDialogKind() !== null;
  if (change?.kind === "removed" && !isDialogOpen && !needsNoTeam) {
    return <TeamLost teamName={team.name} nextTeam={change.nextTeam} />;
  }
  return (
    <CurrentTeamProvider value={team}>
      {team.role === "SUPER_ADMIN" && !team.isMember ? <VisitorBanner teamName={team.name} /> : null}
      {change === null ? null : <MembershipNotice team={team} change={change} onDismiss={dismissChange} />}
      {change?.kind === "removed" ? null : (
        <OtherTabNotice team={team} selected={selected} onSwitchTeam={onSwitchTeam} />
      )}
      {/* A page never carries state from one team into another. */}
      <Outlet key={team.id} />
    </CurrentTeamProvider>
  );
}

interface ShellFrameProps {
  readonly viewer: ShellViewer;
  readonly onSwitchTeam: (teamId: string) => void;
  readonly children: ReactNode;
}

function ShellFrame({ viewer, onSwitchTeam, children }: ShellFrameProps) {
  const t = useTranslations("shell");
  const tApp = useTranslations("app");
  const [isNavigationOpen, navigation] = useDisclosure(false);
  const unread = useUnreadCount();
  return (
    <AppShell
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 280, breakpoint: "sm", collapsed: { mobile: !isNavigationOpen } }}
      padding={{ base: "md", md: "xl" }}
      transitionDuration={0}
    >
      <a className={classes.skip} href="#content">
        {tApp("skipToContent")}
      </a>
      <AppShell.Header hiddenFrom="sm" px="md">
        <Group h="100%" justify="space-between">
          <Brand name={tApp("name")} />
          <Group gap="md">
            <NotificationBell count={unread} onNavigate={navigation.close} />
            <Burger
              opened={isNavigationOpen}
              onClick={navigation.toggle}
              size="sm"
              aria-expanded={isNavigationOpen}
              aria-label={t(isNavigationOpen ? "closeNavigation" : "openNavigation")}
            />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} component="aside" aria-label={t("sidebar")}>
        <div className={classes.brand}>
          <Brand name={tApp("name")} />
          <NotificationBell count={unread} onNavigate={navigation.close} />
        </div>
        <TeamSwitcher team={viewer.team} teams={viewer.teams} onSelect={onSwitchTeam} onNavigate={navigation.close} />
        <SettingsNavigation permissions={viewer.permissions} onNavigate={navigation.close} />
        <UserMenu
          user={viewer.user}
          teamName={viewer.team?.name ?? null}
          role={viewer.role}
          isMember={currentTeam(viewer)?.isMember ?? false}
          isSuperAdmin={viewer.isSuperAdmin}
          onNavigate={navigation.close}
        />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

function currentTeam({ user, team, teams, role, permissions }: ShellViewer): CurrentTeam | null {
  if (team === null || role === null) return null;
  const isMember = teams.some(({ id }) => id === team.id);
  return { id: team.id, name: team.name, role, permissions: new Set(permissions), userId: user.id, isMember };
}

/** A first visit without a session goes to sign-in without a word about a session that ended. */
function useSignInRedirect(isSignedOut: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!isSignedOut) return;
    void router.navigate({ to: "/sign-in", search: { next: router.state.location.href }, replace: true });
  }, [isSignedOut, router]);
}

/** The team this tab showed is no longer the viewer's: go on with one that is. */
function TeamGone({ onLeave }: { readonly onLeave: () => void }) {
  const hasLeft = useRef(false);
  useEffect(() => {
    if (hasLeft.current) return;
    hasLeft.current = true;
    onLeave();
  }, [onLeave]);
  return <LoadingScreen />;
}

function LoadingScreen() {
  const t = useTranslations("app");
  return (
    <Center component="main" mih="100dvh">
      <Loader aria-label={t("loading")} role="status" />
    </Center>
  );
}

function FailureScreen({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <main className={classes.failure}>
      <FailurePanel isPage failure={requestFailure(error)} onRetry={onRetry} />
    </main>
  );
}
