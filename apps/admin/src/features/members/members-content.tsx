import { Button, Group, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef, type RefObject } from "react";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { Pager } from "../../components/pager.tsx";
import { StaleNotice } from "../../components/stale-notice.tsx";
import { mayIn, type CurrentTeam } from "../../session/current-team.ts";
import { InvitationsList } from "./invitations-list.tsx";
import { MembersCards, MembersTable } from "./members-list.tsx";
import type { OpenDialog } from "./open-dialog.ts";
import { TeamSecurity } from "./team-security.tsx";
import { useMembers, type MembersResult } from "./use-members.ts";

const route = getRouteApi("/signed-in/settings/team/members");

interface MembersContentProps {
  readonly team: CurrentTeam;
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly isDialogOpen: boolean;
  readonly onOpen: (dialog: OpenDialog) => void;
}

/** The page of whoever may see the members. */
export function MembersContent({ team, heading, isDialogOpen, onOpen }: MembersContentProps) {
  const { after = null } = route.useSearch();
  const list = useMembers(team.id, after, isDialogOpen);
  const changePage = useChangePage();
  useRefetchAfter(isDialogOpen, list.refetch);
  useFirstPageOnStaleCursor(list.failure === "invalid_input" && after !== null, changePage);
  return (
    <>
      <MembersHeader team={team} heading={heading} onInvite={() => onOpen({ kind: "invite" })} />
      {list.members !== null && list.failure !== null ? <StaleNotice failure={list.failure} /> : null}
      <MembersList team={team} list={list} onOpen={onOpen} />
      {list.members === null ? null : (
        <>
          <Pager
            after={after}
            nextCursor={list.members.pageInfo.hasNextPage ? list.members.pageInfo.endCursor : null}
            onPage={changePage}
          />
          <InvitationsList
            team={team}
            invitations={list.invitations}
            onCancel={(invitation) => onOpen({ kind: "cancel", invitation })}
          />
          <TeamSecurity team={team} />
        </>
      )}
    </>
  );
}

interface MembersHeaderProps extends Pick<MembersContentProps, "team" | "heading"> {
  readonly onInvite: () => void;
}

function MembersHeader({ team, heading, onInvite }: MembersHeaderProps) {
  const t = useTranslations("members");
  const tRoles = useTranslations("roles");
  return (
    <Group justify="space-between" align="flex-start" gap="md">
      <PageHeading title={t("title")} intro={t("intro")} headingRef={heading} />
      {mayIn(team, "members:manage") ? (
        <Button leftSection={<IconUserPlus size={16} aria-hidden="true" />} onClick={onInvite}>
          {t("invite")}
        </Button>
      ) : (
        <Text size="sm" c="dimmed" maw={280}>
          {t("mayNotManage", { role: tRoles(team.role), team: team.name })}
        </Text>
      )}
    </Group>
  );
}

interface MembersListProps extends Pick<MembersContentProps, "team" | "onOpen"> {
  readonly list: MembersResult;
}

function MembersList({ team, list, onOpen }: MembersListProps) {
  const t = useTranslations("members");
  const isNarrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  if (list.members === null) {
    const isLoading = list.failure === null || list.failure === "unauthenticated";
    if (isLoading) return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={list.failure} onRetry={() => void list.refetch()} />;
  }
  const List = isNarrow ? MembersCards : MembersTable;
  return (
    <List
      team={team}
      members={list.members.nodes}
      isUpdating={list.isUpdating}
      onChangeRole={(member) => onOpen({ kind: "role", member })}
      onRemove={(member) => onOpen({ kind: "remove", member })}
      onLeave={() => onOpen({ kind: "leave" })}
    />
  );
}

/** A cursor from an old link starts the list from the beginning. */
function useFirstPageOnStaleCursor(isStale: boolean, onPage: ReturnType<typeof useChangePage>): void {
  const toFirst = useEffectEvent(() => onPage(undefined, []));
  useEffect(() => {
    if (isStale) toFirst();
  }, [isStale]);
}

/** Whatever a dialog was opened for may have changed the list. */
function useRefetchAfter(isDialogOpen: boolean, refetch: () => Promise<unknown>): void {
  const wasOpen = useRef(isDialogOpen);
  const refetchNow = useEffectEvent(() => void refetch());
  useEffect(() => {
    if (wasOpen.current && !isDialogOpen) refetchNow();
    wasOpen.current = isDialogOpen;
  }, [isDialogOpen]);
}

function useChangePage() {
  const navigate = route.useNavigate();
  return (after: string | undefined, earlierCursors: readonly (string | null)[]) =>
    void navigate({ search: after === undefined ? {} : { after }, state: { earlierCursors } });
}
