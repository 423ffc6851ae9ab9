import type { Account } from "@latchkey/types/account";
import { Button, Group, Stack, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { useTeamEntry } from "../../session/team-entry.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { useFocusReturn } from "../../session/use-focus-return.ts";
import classes from "./account.module.css";
import { OpenAccountDialog, type AccountDialog } from "./account-dialog.tsx";
import { readAccount, readSessions } from "./account-requests.ts";
import { NotificationMailSection } from "./notification-mail-section.tsx";
import { SecondFactorSection } from "./second-factor-section.tsx";
import { Section } from "./section.tsx";
import { SessionsSection } from "./sessions-section.tsx";
import { useLoaded } from "./use-loaded.ts";

/** One's own account, in every team and without one. */
export function AccountPage() {
  const t = useTranslations("account");
  useDocumentTitle(t("title"));
  const heading = useRef<HTMLHeadingElement>(null);
  const { answer: account, failure, reload } = useLoaded(readAccount);
  const sessions = useLoaded(readSessions);
  const { refreshViewer } = useTeamEntry();
  const { dialog, open, close } = useDialog(heading, () => {
    void reload();
    void sessions.reload();
    // What a team asked for may be there now.
    refreshViewer();
  });
  return (
    <Stack gap="lg" maw={760}>
      <Group>
        <PageHeading title={t("title")} intro={t("intro")} headingRef={heading} />
      </Group>
      {account === null ? (
        <Absent failure={failure} onRetry={() => void reload()} />
      ) : (
        <>
          <RequirementNotice account={account} />
          <ProfileSection account={account} />
          <PasswordSection account={account} onOpen={open} />
          <SecondFactorSection account={account} onOpen={open} />
          <NotificationMailSection account={account} onReload={reload} />
        </>
      )}
      <SessionsSection
        sessions={sessions.answer?.sessions ?? null}
        failure={sessions.failure}
        onReload={sessions.reload}
        onEndOthers={() => open("end-others")}
      />
      {dialog === null || account === null ? null : (
        <OpenAccountDialog
          dialog={dialog}
          account={account}
          otherSessions={(sessions.answer?.sessions.length ?? 1) - 1}
          onClose={close}
        />
      )}
    </Stack>
  );
}

function useDialog(heading: React.RefObject<HTMLHeadingElement | null>, onClosed: () => void) {
  const [dialog, setDialog] = useState<AccountDialog | null>(null);
  const focus = useFocusReturn(heading);
  return {
    dialog,
    open: (next: AccountDialog) => {
      focus.open();
      setDialog(next);
    },
    close: () => {
      setDialog(null);
      focus.returnFocus();
      onClosed();
    },
  };
}

type AbsentProps = Pick<Parameters<typeof FailurePanel>[0], "onRetry"> & {
  readonly failure: Parameters<typeof FailurePanel>[0]["failure"] | null;
};

function Absent({ failure, onRetry }: AbsentProps) {
  const t = useTranslations("account");
  if (failure === null) return <ListSkeleton label={t("loading")} />;
  return <FailurePanel failure={failure} onRetry={onRetry} />;
}

/** Why somebody was led here. */
function RequirementNotice({ account: { secondFactor } }: { readonly account: Account }) {
  const t = useTranslations("account");
  const [team] = secondFactor.requiredBy;
  if (secondFactor.isEnabled || (team === undefined && !secondFactor.isRequiredByPlatform)) return null;
  return (
    <Notice tone="warning" role="status" title={t("requiredTitle")}>
      {secondFactor.isRequiredByPlatform || team === undefined
        ? t("requiredByPlatform")
        : t("requiredByTeam", { team })}
    </Notice>
  );
}

function ProfileSection({ account: { name, email } }: { readonly account: Account }) {
  const t = useTranslations("account");
  return (
    <Section title={t("profile")}>
      <dl className={classes.facts}>
        <dt>{t("name")}</dt>
        <dd>{name}</dd>
        <dt>{t("email")}</dt>
        <dd>{email}</dd>
      </dl>
    </Section>
  );
}

interface PasswordSectionProps {
  readonly account: Account;
  readonly onOpen: (dialog: AccountDialog) => void;
}

function PasswordSection({ account, onOpen }: PasswordSectionProps) {
  const t = useTranslations("password");
  if (!account.hasPassword) {
    return (
      <Section title={t("title")}>
        <Text size="sm">{t("none")}</Text>
      </Section>
    );
  }
  return (
    <Section title={t("title")} intro={t("intro")}>
      <Group>
        <Button variant="default" onClick={() => onOpen("password")}>
          {t("change")}
        </Button>
      </Group>
    </Section>
  );
}
