import type { Account } from "@latchkey/types/account";
import { Button, Group, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { StatusBadge } from "../../components/status-badge.tsx";
import type { AccountDialog } from "./account-dialog.tsx";
import { Section } from "./section.tsx";

interface SecondFactorSectionProps {
  readonly account: Account;
  readonly onOpen: (dialog: AccountDialog) => void;
}

export function SecondFactorSection({ account, onOpen }: SecondFactorSectionProps) {
  const t = useTranslations("secondFactor");
  const { isEnabled } = account.secondFactor;
  const badge = <StatusBadge tone={isEnabled ? "positive" : "neutral"}>{t(isEnabled ? "on" : "off")}</StatusBadge>;
  return (
    <Section title={t("title")} intro={t("intro")} badge={badge}>
      {isEnabled ? (
        <Enabled account={account} onOpen={onOpen} />
      ) : (
        <Group>
          <Button onClick={() => onOpen("set-up")}>{t("setUp")}</Button>
        </Group>
      )}
    </Section>
  );
}

/** Few enough that somebody may run out of them. */
const FEW_CODES = 3;

function Enabled({ account, onOpen }: SecondFactorSectionProps) {
  const t = useTranslations("secondFactor");
  const { recoveryCodesLeft: count } = account.secondFactor;
  const reason = useReasonToKeep(account);
  return (
    <>
      <Text size="sm">
        {t("codesLeft", { count })}
        {count <= FEW_CODES ? ` ${t("codesFew")}` : null}
      </Text>
      <Group gap="sm">
        <Button variant="default" onClick={() => onOpen("renew-codes")}>
          {t("newCodes")}
        </Button>
        {reason === null ? (
          <Button variant="default" c="var(--mantine-color-error)" onClick={() => onOpen("disable")}>
            {t("disable")}
          </Button>
        ) : null}
      </Group>
      {reason === null ? null : (
        <Text size="sm" c="dimmed">
          {reason}
        </Text>
      )}
    </>
  );
}

/** Why it cannot be turned off, where one would look for the button; null when it can. */
function useReasonToKeep({ secondFactor: { requiredBy, isRequiredByPlatform } }: Account): string | null {
  const t = useTranslations("secondFactor");
  const [team] = requiredBy;
  if (team !== undefined) {
    return t("mayNotDisableTeams", { team, count: requiredBy.length, others: String(requiredBy.length - 1) });
  }
  return isRequiredByPlatform ? t("mayNotDisablePlatform") : null;
}
