import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Question } from "../../components/question.tsx";

interface LeaveQuestionProps {
  readonly teamName: string;
  readonly shownTeam: string;
  readonly children: string;
  readonly onStay: () => void;
  readonly onLeave: () => void;
}

/** Asked before a switch of teams closes a dialog that somebody is in the middle of. */
export function LeaveQuestion({ teamName, shownTeam, children, onStay, onLeave }: LeaveQuestionProps) {
  const t = useTranslations("otherTab");
  return (
    <Question title={t("leaveTitle", { team: teamName })} onClose={onStay}>
      <Stack>
        <Text size="sm">{children}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onStay} data-autofocus>
            {t("stay", { team: shownTeam })}
          </Button>
          <Button onClick={onLeave}>{t("confirm")}</Button>
        </Group>
      </Stack>
    </Question>
  );
}
