import { useQuery } from "@apollo/client/react";
import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useNow, useTranslations } from "use-intl";
import { Dialog } from "../../../components/dialog.tsx";
import { FailurePanel } from "../../../components/failure-panel.tsx";
import { StaleNotice } from "../../../components/stale-notice.tsx";
import { ReplacementDialogDocument, type ReplacementDialogQuery } from "../../../generated/graphql.ts";
import { requestFailure } from "../../../graphql/request-failure.ts";
import { usePageFocus } from "../../../session/use-page-focus.ts";
import { RevokeDialog } from "../revoke-dialog.tsx";
import { ReplacementSide } from "./replacement-side.tsx";
import { replacementVerdict, safetyOf } from "./replacement-verdict.ts";
import classes from "./replacement.module.css";
import { VerdictSentence } from "./verdict-sentence.tsx";

const POLL_MS = 10_000;

interface ReplacementDialogProps {
  /** Of the old key. */
  readonly id: string;
  readonly onClose: () => void;
}

type OldKey = NonNullable<ReplacementDialogQuery["apiKey"]>;

/** Both keys of a replacement side by side, until the old one can go. */
export function ReplacementDialog({ id, onClose }: ReplacementDialogProps) {
  const t = useTranslations("replacement");
  const isNarrow = useMediaQuery("(max-width: 36em)", false, { getInitialValueInEffect: false });
  const [isRevoking, setIsRevoking] = useState(false);
  const { older, failure, refetch } = usePair(id, isRevoking);

  if (isRevoking && older !== null && older !== undefined) {
    const back = () => {
      setIsRevoking(false);
      refetch();
    };
    return <RevokeDialog apiKey={older} onClose={back} />;
  }
  return (
    <Dialog title={t("title")} onClose={onClose} size={720} isFullScreen={isNarrow} isCentered={false}>
      {older === undefined && failure === null ? <Skeleton height={320} radius="sm" /> : null}
      {older === undefined && failure !== null ? <FailurePanel failure={failure} onRetry={refetch} /> : null}
      {older === null ? <Text size="sm">{t("notFound")}</Text> : null}
      {older === null || older === undefined ? null : (
        <Stack gap="md">
          {failure === null ? null : <StaleNotice failure={failure} />}
          <Pair older={older} onClose={onClose} onRevoke={() => setIsRevoking(true)} />
        </Stack>
      )}
    </Dialog>
  );
}

interface PairProps {
  readonly older: OldKey;
  readonly onClose: () => void;
  readonly onRevoke: () => void;
}

function Pair({ older, onClose, onRevoke }: PairProps) {
  const t = useTranslations("replacement");
  const tApp = useTranslations("app");
  const now = useNow({ updateInterval: 10_000 });
  const { replacedBy: newer } = older;
  if (newer === null) return <Text size="sm">{t("none", { name: older.name })}</Text>;
  const callsLast24Hours = older.usage.reduce((sum, { calls }) => sum + calls, 0);
  const verdict = replacementVerdict({ ...older, callsLast24Hours }, newer, now);
  const isSafe = safetyOf(verdict) === "safe";
  const mayRevoke = older.viewerMayRevoke && older.status !== "REVOKED";
  return (
    <>
      <VerdictSentence verdict={verdict} now={now} />
      <div className={classes.pair}>
        <ReplacementSide title={t("old")} apiKey={older} />
        <ReplacementSide title={t("new")} apiKey={newer} />
      </div>
      <Text size="sm" c="dimmed">
        {verdict.kind === "oldSilent" ? t("rareJobs") : t("live")}
      </Text>
      {older.status !== "REVOKED" && !older.viewerMayRevoke ? (
        <Text size="sm" c="dimmed">
          {t("mayNotRevoke")}
        </Text>
      ) : null}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {tApp("close")}
        </Button>
        {mayRevoke ? (
          <Button
            {...(isSafe ? { color: "red.9" } : { variant: "default", c: "var(--mantine-color-error)" })}
            onClick={onRevoke}
          >
            {t("revokeOld")}
          </Button>
        ) : null}
      </Group>
    </>
  );
}

/** Asked for again as the list is; undefined until the first answer, null where there is no such key. */
function usePair(id: string, isPaused: boolean) {
  const { data, previousData, error, refetch } = useQuery(ReplacementDialogDocument, {
    variables: { id },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: isPaused ? 0 : POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  const refetchQuietly = () => void refetch().catch(() => undefined);
  usePageFocus(() => {
    if (!isPaused) refetchQuietly();
  });
  const shown = data ?? previousData;
  return {
    older: shown === undefined ? undefined : shown.apiKey,
    failure: error === undefined ? null : requestFailure(error),
    refetch: refetchQuietly,
  };
}
