import { Anchor, Group, Stack, Text } from "@mantine/core";
import { IconHelpCircle, IconHistory } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { useExactTime } from "../../components/exact-time.tsx";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { ListSkeleton } from "../../components/list-skeleton.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import { RefusalDocument, type RefusalQuery } from "../../generated/graphql.ts";
import { useListQuery } from "../../graphql/use-list-query.ts";
import { mayIn, useCurrentTeam, type CurrentTeam } from "../../session/current-team.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import classes from "./audit-log.module.css";
import { Reason } from "./call-details.tsx";
import { CopyableId, Fact } from "./facts.tsx";

const route = getRouteApi("/signed-in/settings/team/requests/$requestId");

type Refusal = NonNullable<RefusalQuery["refusal"]>;

/** *Why was this refused?*: where the request id of an error leads. */
export function RefusalPage() {
  const t = useTranslations("refusal");
  useDocumentTitle(t("title"));
  const team = useCurrentTeam();
  const heading = useRef<HTMLHeadingElement>(null);
  const { requestId } = route.useParams();
  // Without a team the shell shows its own state instead of any page.
  if (team === null) return null;
  return (
    <Stack gap="lg" maw={860}>
      <Group>
        <PageHeading title={t("title")} intro={t("intro", { team: team.name })} headingRef={heading} />
      </Group>
      {mayIn(team, "audit_log:read") ? (
        <Explanation key={requestId} team={team} requestId={requestId} />
      ) : (
        <NotForYou team={team} />
      )}
    </Stack>
  );
}

function NotForYou({ team }: { readonly team: CurrentTeam }) {
  const t = useTranslations("refusal");
  const tLog = useTranslations("auditLog");
  const tRoles = useTranslations("roles");
  return (
    <StatePanel icon={<IconHistory size={24} />} title={t("notForYouTitle")}>
      {tLog("notForYouBody", { team: team.name, role: tRoles(team.role) })}
    </StatePanel>
  );
}

function Explanation({ team, requestId }: { readonly team: CurrentTeam; readonly requestId: string }) {
  const t = useTranslations("refusal");
  const { data, failure, refetch } = useListQuery(RefusalDocument, { teamId: team.id, requestId });
  if (data === undefined) {
    if (failure === null || failure === "unauthenticated") return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={failure} onRetry={() => void refetch()} />;
  }
  if (data.refusal === null) {
    return (
      <StatePanel icon={<IconHelpCircle size={24} />} title={t("unknownTitle")}>
        {t("unknown", { team: team.name })}
      </StatePanel>
    );
  }
  return <Explained refusal={data.refusal} />;
}

function Explained({ refusal: { call, step, needed } }: { readonly refusal: Refusal }) {
  const t = useTranslations("refusal");
  const tCalls = useTranslations("calls");
  const tLog = useTranslations("auditLog");
  const exact = useExactTime();
  const { apiKey, actor, code } = call;
  return (
    <Stack gap="md">
      <Notice
        role="status"
        tone={step === null ? "info" : "warning"}
        title={step === null ? t("notRefused") : t(`step.${step}`)}
      >
        {needed === null ? t("answered", { status: String(call.status) }) : t("needed", { needed })}
      </Notice>
      <dl className={classes.facts}>
        {code === null ? null : (
          <Fact name={tCalls("factRefused")}>
            <Reason code={code} requiredPermission={call.requiredPermission} />
          </Fact>
        )}
        <Fact name={t("factCall")}>
          {call.method} {call.operation} · {call.status}
          {call.calls > 1 ? ` ${tCalls("times", { count: call.calls })}` : null}
        </Fact>
        <Fact name={t("factTime")}>{exact(call.at)}</Fact>
        {apiKey === null ? null : (
          <Fact name={tCalls("factKey")}>
            <Anchor
              inherit
              renderRoot={(props) => <Link {...props} to="/settings/team/api-keys" search={{ key: apiKey.id }} />}
            >
              <bdi>{apiKey.name}</bdi>
            </Anchor>
          </Fact>
        )}
        {actor === null ? null : <Fact name={tCalls(apiKey === null ? "factActor" : "factOwner")}>{actor.name}</Fact>}
        <Fact name={tLog("factAddress")}>{call.ip}</Fact>
        <Fact name={tLog("factRequest")}>
          <CopyableId id={call.requestId} />
        </Fact>
      </dl>
      {apiKey === null ? null : (
        <Text size="sm">
          <Anchor
            inherit
            renderRoot={(props) => (
              <Link {...props} to="/settings/team/audit-log" search={{ tab: "calls", key: apiKey.id }} />
            )}
          >
            {tCalls("onlyKey", { key: apiKey.name })}
          </Anchor>
        </Text>
      )}
    </Stack>
  );
}
