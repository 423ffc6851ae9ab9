import { useQuery } from "@apollo/client/react";
import { Anchor, Stack, Text } from "@mantine/core";
import { IconArrowLeft, IconCircleCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../../components/failure-panel.tsx";
import { ListSkeleton } from "../../../components/list-skeleton.tsx";
import { PageHeading } from "../../../components/page-heading.tsx";
import { StaleNotice } from "../../../components/stale-notice.tsx";
import { StatePanel } from "../../../components/state-panel.tsx";
import { ReviewPageDocument } from "../../../generated/graphql.ts";
import { requestFailure } from "../../../graphql/request-failure.ts";
import { mayIn, useCurrentTeam, type CurrentTeam } from "../../../session/current-team.ts";
import { useDocumentTitle } from "../../../session/use-document-title.ts";
import { useFocusReturn } from "../../../session/use-focus-return.ts";
import { usePageFocus } from "../../../session/use-page-focus.ts";
import { RevokeDialog } from "../revoke-dialog.tsx";
import { ReviewSection, type Finding, type ReviewedKey } from "./review-section.tsx";

/** Of each finding; the counts are of all. */
const SHOWN = 20;

export function ReviewPage() {
  const t = useTranslations("review");
  useDocumentTitle(t("title"));
  const team = useCurrentTeam();
  // Without a team the shell shows its own state instead of any page.
  return team === null ? null : <TeamReview team={team} />;
}

function TeamReview({ team }: { readonly team: CurrentTeam }) {
  const t = useTranslations("review");
  const heading = useRef<HTMLHeadingElement>(null);
  const [revoking, setRevoking] = useState<ReviewedKey | null>(null);
  const { open, returnFocus } = useFocusReturn(heading);
  const { findings, failure, refetch } = useReview(team.id, revoking !== null);
  const close = () => {
    setRevoking(null);
    returnFocus();
    refetch();
  };
  return (
    <Stack gap="lg">
      <div>
        <Anchor component={Link} to="/settings/team/api-keys" size="sm">
          <IconArrowLeft size={14} aria-hidden="true" style={{ verticalAlign: "-2px" }} /> {t("back")}
        </Anchor>
        <PageHeading title={t("title")} intro={t("intro")} headingRef={heading}>
          {mayIn(team, "api_keys:read") ? null : (
            <Text size="sm" mt={4}>
              {t("ownOnly", { team: team.name })}
            </Text>
          )}
        </PageHeading>
      </div>
      {findings !== undefined && failure !== null ? <StaleNotice failure={failure} /> : null}
      {findings === undefined && failure !== null ? <FailurePanel failure={failure} onRetry={refetch} /> : null}
      {findings === undefined && failure === null ? <ListSkeleton label={t("loading")} /> : null}
      {findings === undefined ? null : (
        <Findings
          team={team}
          findings={findings}
          onRevoke={(apiKey) => {
            open();
            setRevoking(apiKey);
          }}
        />
      )}
      {revoking === null ? null : <RevokeDialog apiKey={revoking} onClose={close} />}
    </Stack>
  );
}

interface FindingsProps {
  readonly team: CurrentTeam;
  readonly findings: readonly Finding[];
  readonly onRevoke: (apiKey: ReviewedKey) => void;
}

function Findings({ team, findings, onRevoke }: FindingsProps) {
  const t = useTranslations("review");
  if (findings.length === 0) {
    return (
      <StatePanel icon={<IconCircleCheck size={24} />} title={t("emptyTitle")}>
        {t("emptyBody")}
      </StatePanel>
    );
  }
  return findings.map((finding) => (
    <ReviewSection key={finding.kind} team={team} finding={finding} onRevoke={onRevoke} />
  ));
}

/** Asked for on every return to the tab: people come here to work through it, often in another one. */
function useReview(teamId: string, isPaused: boolean) {
  const { data, previousData, error, refetch } = useQuery(ReviewPageDocument, {
    variables: { teamId, first: SHOWN },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
  });
  const refetchQuietly = () => void refetch().catch(() => undefined);
  usePageFocus(() => {
    if (!isPaused) refetchQuietly();
  });
  const shown = data ?? previousData;
  const failure = error === undefined ? null : requestFailure(error);
  return {
    findings: shown === undefined ? undefined : (shown.apiKeyReview ?? []),
    failure: failure === "unauthenticated" ? null : failure,
    refetch: refetchQuietly,
  };
}
