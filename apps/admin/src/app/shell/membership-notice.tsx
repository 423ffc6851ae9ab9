import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import { Question } from "../../components/question.tsx";
import type { CurrentTeam } from "../../session/current-team.ts";
import { useOpenDialogKind } from "../../session/open-dialogs.ts";
import classes from "./shell.module.css";
import type { MembershipChange } from "./use-tab-watch.ts";

interface MembershipNoticeProps {
  readonly team: CurrentTeam;
  readonly change: MembershipChange;
  readonly onDismiss: () => void;
}

/** Somebody changed what the viewer is in the team, while they had it open. Whatever they are typing stays. */
export function MembershipNotice({ team, change, onDismiss }: MembershipNoticeProps) {
  const t = useTranslations("membershipChange");
  const tRoles = useTranslations("roles");
  const dialogKind = useOpenDialogKind();
  const [seen, setSeen] = useState<MembershipChange["kind"] | null>(null);
  // A key on show keeps its dialog to itself.
  if (dialogKind === "secret" || seen === change.kind) return null;
  const title =
    change.kind === "removed" ? t("removedTitle", { team: team.name }) : t("roleTitle", { team: team.name });
  const body =
    change.kind === "removed" ? t("removed") : t("role", { from: tRoles(change.from), to: tRoles(change.to) });
  const dismiss = () => (change.kind === "removed" ? setSeen("removed") : onDismiss());
  if (dialogKind === "unsaved") {
    return (
      <Question title={title} onClose={dismiss}>
        <Stack>
          <Text size="sm" role="alert">
            {body} {t(change.kind === "removed" ? "removedDialog" : "roleDialog")}
          </Text>
          <Group justify="flex-end">
            <Button onClick={dismiss} data-autofocus>
              {t("back")}
            </Button>
          </Group>
        </Stack>
      </Question>
    );
  }
  return (
    <div className={classes.notice}>
      <Notice tone="warning" role="alert" title={title}>
        {body}
        <Group mt="sm">
          <Button size="compact-sm" variant="default" onClick={dismiss}>
            {t("understood")}
          </Button>
        </Group>
      </Notice>
    </div>
  );
}
