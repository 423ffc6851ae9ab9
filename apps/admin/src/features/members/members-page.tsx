import { Stack } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { mayIn, useCurrentTeam, type CurrentTeam } from "../../session/current-team.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { useFocusReturn } from "../../session/use-focus-return.ts";
import { CancelDialog } from "./cancel-dialog.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { LeaveDialog } from "./leave-dialog.tsx";
import { MembersContent } from "./members-content.tsx";
import type { OpenDialog } from "./open-dialog.ts";
import { OwnMembership } from "./own-membership.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { RoleDialog } from "./role-dialog.tsx";

export function MembersPage() {
  const t = useTranslations("members");
  useDocumentTitle(t("title"));
  const team = useCurrentTeam();
  // Without a team the shell shows its own state instead of any page.
  return team === null ? null : <TeamMembers team={team} />;
}

function TeamMembers({ team }: { readonly team: CurrentTeam }) {
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const { open, returnFocus } = useFocusReturn(heading);
  const openDialog = (next: OpenDialog) => {
    open();
    setDialog(next);
  };
  const closeDialog = () => {
    setDialog(null);
    returnFocus();
  };
  return (
    <Stack gap="lg">
      {mayIn(team, "members:read") ? (
        <MembersContent team={team} heading={heading} isDialogOpen={dialog !== null} onOpen={openDialog} />
      ) : (
        <OwnMembership team={team} heading={heading} onLeave={() => openDialog({ kind: "leave" })} />
      )}
      {/* Beside the list, not in it: a demotion takes the list away, and must not take what somebody is typing. */}
      {dialog === null ? null : <MembersDialog team={team} dialog={dialog} onClose={closeDialog} />}
    </Stack>
  );
}

interface MembersDialogProps {
  readonly team: CurrentTeam;
  readonly dialog: OpenDialog;
  readonly onClose: () => void;
}

function MembersDialog({ team, dialog, onClose }: MembersDialogProps) {
  switch (dialog.kind) {
    case "invite":
      return <InviteDialog team={team} onClose={onClose} />;
    case "leave":
      return <LeaveDialog team={team} onClose={onClose} />;
    case "role":
      return <RoleDialog member={dialog.member} viewerId={team.userId} onClose={onClose} />;
    case "remove":
      return <RemoveDialog team={team} member={dialog.member} onClose={onClose} />;
    case "cancel":
      return <CancelDialog invitation={dialog.invitation} onClose={onClose} />;
  }
}
