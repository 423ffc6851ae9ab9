import type { AccountSession } from "@latchkey/types/account";
import { Button, Group, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { StaleNotice } from "../../components/stale-notice.tsx";
import { useNotify } from "../../components/use-notify.ts";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import classes from "./account.module.css";
import { endSession } from "./account-requests.ts";
import { Section } from "./section.tsx";
import { SessionItem } from "./session-item.tsx";
import { useAccountAction } from "./use-account-action.ts";

interface SessionsSectionProps {
  readonly sessions: readonly AccountSession[] | null;
  readonly failure: RequestFailure | null;
  readonly onReload: () => Promise<void>;
  readonly onEndOthers: () => void;
}

export function SessionsSection({ sessions, failure, onReload, onEndOthers }: SessionsSectionProps) {
  const t = useTranslations("sessions");
  return (
    <Section title={t("title")} intro={t("intro")}>
      {sessions !== null && failure !== null ? <StaleNotice failure={failure} /> : null}
      {sessions === null ? (
        <Absent failure={failure} onReload={onReload} />
      ) : (
        <SessionList sessions={sessions} onReload={onReload} onEndOthers={onEndOthers} />
      )}
    </Section>
  );
}

function Absent({ failure, onReload }: Pick<SessionsSectionProps, "failure" | "onReload">) {
  const t = useTranslations("sessions");
  if (failure === null) return <ListSkeleton label={t("loading")} />;
  return <FailurePanel failure={failure} onRetry={() => void onReload()} />;
}

interface SessionListProps extends Pick<SessionsSectionProps, "onReload" | "onEndOthers"> {
  readonly sessions: readonly AccountSession[];
}

function SessionList({ sessions, onReload, onEndOthers }: SessionListProps) {
  const t = useTranslations("sessions");
  const notify = useNotify();
  const { run, error } = useAccountAction();
  // This browser first, whatever was seen last.
  const ordered = sessions.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
  async function end({ id }: AccountSession): Promise<void> {
    if ((await run(() => endSession(id))) !== null) notify(t("ended"));
    await onReload();
  }
  return (
    <>
      {error === null ? null : (
        <Text size="sm" role="alert" c="var(--mantine-color-error)">
          {t("endFailed", { message: error })}
        </Text>
      )}
      <ul className={classes.sessions}>
        {ordered.map((session) => (
          <SessionItem key={session.id} session={session} onEnd={() => void end(session)} />
        ))}
      </ul>
      {sessions.length > 1 ? (
        <Group>
          <Button variant="default" onClick={onEndOthers}>
            {t("endOthers")}
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          {t("alone")}
        </Text>
      )}
    </>
  );
}
