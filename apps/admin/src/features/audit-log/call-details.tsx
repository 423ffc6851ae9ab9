import { Anchor, Code, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useFormatter, useTranslations, type Messages } from "use-intl";
import { SmallButton } from "../../components/small-button.tsx";
import type { CallItem_CallFragment } from "../../generated/graphql.ts";
import type { AuditLogSearchChange } from "./audit-log-search.ts";
import classes from "./audit-log.module.css";
import { CopyableId, Fact } from "./facts.tsx";

interface CallDetailsProps {
  readonly id: string;
  readonly call: CallItem_CallFragment;
  readonly onSearch: AuditLogSearchChange;
}

/** How it ended, and from where it came. */
export function CallDetails({ id, call, onSearch }: CallDetailsProps) {
  const t = useTranslations("calls");
  const tLog = useTranslations("auditLog");
  const format = useFormatter();
  const { apiKey, actor, code, requiredPermission, durationMilliseconds, ip, requestId, operation } = call;
  return (
    <div id={id} className={classes.details}>
      <dl className={classes.facts}>
        {code === null ? null : (
          <Fact name={t("factRefused")}>
            <Reason code={code} requiredPermission={requiredPermission} />
          </Fact>
        )}
        {apiKey === null ? null : (
          <Fact name={t("factKey")}>
            <bdi>{apiKey.name}</bdi> <Code>{apiKey.prefix}</Code>
          </Fact>
        )}
        {actor === null ? null : <Fact name={t(apiKey === null ? "factActor" : "factOwner")}>{actor.name}</Fact>}
        <Fact name={tLog("factAddress")}>{ip}</Fact>
        <Fact name={t("factDuration")}>
          {t("milliseconds", { time: format.number(durationMilliseconds, { maximumFractionDigits: 1 }) })}
        </Fact>
        <Fact name={tLog("factRequest")}>
          <CopyableId id={requestId} />
        </Fact>
      </dl>
      <Group gap="xs">
        {apiKey === null ? null : (
          <SmallButton
            label={t("onlyKey", { key: apiKey.name })}
            onClick={() => onSearch({ key: apiKey.id, q: undefined })}
          />
        )}
        <SmallButton label={t("onlyOperation", { operation })} onClick={() => onSearch({ q: operation })} />
        {code === null ? null : (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link {...props} to="/settings/team/requests/$requestId" params={{ requestId }} />}
          >
            {t("why")}
          </Anchor>
        )}
      </Group>
    </div>
  );
}

interface ReasonProps {
  readonly code: string;
  readonly requiredPermission: string | null;
}

/** A code in words; one that the page has none for speaks for itself. */
export function Reason({ code, requiredPermission }: ReasonProps) {
  const t = useTranslations("refusalReasons");
  const known = code as keyof Messages["refusalReasons"];
  return (
    <Text component="span" inherit>
      {t.has(known) ? `${t(known)} ` : null}
      <Code>{code}</Code>
      {requiredPermission === null ? null : (
        <>
          {" "}
          <Code>{requiredPermission}</Code>
        </>
      )}
    </Text>
  );
}
