import type { Account } from "@latchkey/types/account";
import { Switch, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useNotify } from "../../components/use-notify.ts";
import { setNotificationMail } from "./account-requests.ts";
import { Section } from "./section.tsx";
import { useAccountAction } from "./use-account-action.ts";

interface NotificationMailSectionProps {
  readonly account: Account;
  readonly onReload: () => Promise<void>;
}

/** Whether what one is notified of comes by mail too. */
export function NotificationMailSection({ account, onReload }: NotificationMailSectionProps) {
  const t = useTranslations("notificationMail");
  const notify = useNotify();
  const { run, isBusy, error } = useAccountAction();
  const { isMailed, canBeMailed } = account.notifications;
  async function set(isOn: boolean): Promise<void> {
    const changed = await run(() => setNotificationMail(isOn));
    if (changed !== null) notify(t(changed.isMailed ? "on" : "off"));
    await onReload();
  }
  return (
    <Section title={t("title")} intro={t("intro")}>
      <Switch
        label={t("label")}
        description={t(canBeMailed ? "help" : "cannot")}
        checked={isMailed && canBeMailed}
        disabled={!canBeMailed || isBusy}
        onChange={(event) => void set(event.currentTarget.checked)}
      />
      {error === null ? null : (
        <Text size="sm" role="alert" c="var(--mantine-color-error)">
          {t("failed", { message: error })}
        </Text>
      )}
    </Section>
  );
}
