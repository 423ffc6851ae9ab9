import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { CopyField } from "../../components/copy-field.tsx";
import { Dialog } from "../../components/dialog.tsx";
import type { CurrentTeam } from "../../session/current-team.ts";
import { InviteForm } from "./invite-form.tsx";
import type { ShownInvitation } from "./use-invite.ts";

interface InviteDialogProps {
  readonly team: CurrentTeam;
  readonly onClose: () => void;
}

/** Makes an invitation, then shows its link for the only time: it lives in this component's state and nowhere else. */
export function InviteDialog({ team, onClose }: InviteDialogProps) {
  const t = useTranslations("inviteMember");
  const [invitation, setInvitation] = useState<ShownInvitation | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [isDirty, setIsDirty] = useState(false);
  const close = () => (isBusy ? undefined : onClose());
  return (
    <Dialog
      title={invitation === null ? t("title") : t(invitation.isMailed ? "mailedTitle" : "linkTitle")}
      onClose={close}
      kind={invitation === null ? "unsaved" : "secret"}
      size={560}
      closesOnClickOutside={invitation === null && !isDirty}
    >
      {invitation === null ? (
        <InviteForm team={team} onBusy={setIsBusy} onDirty={setIsDirty} onCancel={close} onInvited={setInvitation} />
      ) : (
        <InvitationLink invitation={invitation} onDone={onClose} />
      )}
    </Dialog>
  );
}

interface InvitationLinkProps {
  readonly invitation: ShownInvitation;
  readonly onDone: () => void;
}

function InvitationLink({ invitation, onDone }: InvitationLinkProps) {
  const t = useTranslations("inviteMember");
  const tRoles = useTranslations("roles");
  const format = useFormatter();
  const { email, role, link, isMailed } = invitation;
  const date = format.dateTime(new Date(invitation.expiresAt), { dateStyle: "long", timeStyle: "short" });
  return (
    <Stack gap="md">
      <Text size="sm">
        {t.rich(isMailed ? "mailedIntro" : "linkIntro", { email, role: tRoles(role), b: (chunks) => <b>{chunks}</b> })}{" "}
        {t("expires", { date })}
      </Text>
      <CopyField label={t("link")} text={link} />
      <Text size="sm" c="dimmed">
        {t("once")}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t("done")}
        </Button>
      </Group>
    </Stack>
  );
}
