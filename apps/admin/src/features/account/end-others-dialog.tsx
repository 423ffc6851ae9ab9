import { Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { GraveFooter } from "../../components/grave-footer.tsx";
import { useNotify } from "../../components/use-notify.ts";
import { endOtherSessions } from "./account-requests.ts";
import { useAccountAction } from "./use-account-action.ts";

interface EndOthersDialogProps {
  readonly count: number;
  readonly onClose: () => void;
}

export function EndOthersDialog({ count, onClose }: EndOthersDialogProps) {
  const t = useTranslations("sessions");
  const tApp = useTranslations("app");
  const notify = useNotify();
  const { run, isBusy, error } = useAccountAction();
  async function end(): Promise<void> {
    const answer = await run(endOtherSessions);
    if (answer === null) return;
    notify(t("endedOthers", { count: answer.ended }));
    onClose();
  }
  return (
    <Dialog title={t("endOthersTitle")} onClose={() => (isBusy ? undefined : onClose())}>
      <Stack gap="md">
        <Text size="sm">{t("endOthersAsk", { count })}</Text>
        <GraveFooter
          keep={tApp("cancel")}
          submit={t("endOthersSubmit")}
          isBusy={isBusy}
          error={error}
          isUnknown={false}
          onKeep={onClose}
          onSubmit={() => void end()}
        />
      </Stack>
    </Dialog>
  );
}
