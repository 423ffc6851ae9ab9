import { Code, Group } from "@mantine/core";
import { useTranslations } from "use-intl";
import { SmallButton } from "../../components/small-button.tsx";
import type { AuditEventItem_EventFragment } from "../../generated/graphql.ts";
import type { AuditLogSearchChange } from "./audit-log-search.ts";
import classes from "./audit-log.module.css";
import { ChangesTable } from "./changes-table.tsx";
import { CopyableId, Fact } from "./facts.tsx";

interface EventDetailsProps {
  readonly id: string;
  readonly event: AuditEventItem_EventFragment;
  readonly onSearch: AuditLogSearchChange;
}

/** What changed, and from where it was asked for. */
export function EventDetails({ id, event, onSearch }: EventDetailsProps) {
  const t = useTranslations("auditLog");
  const { actor, actorKey, target, changes, ip, userAgent, requestId } = event;
  const key = target?.kind === "API_KEY" ? target : actorKey;
  return (
    <div id={id} className={classes.details}>
      {changes.length === 0 ? null : <ChangesTable changes={changes} />}
      <dl className={classes.facts}>
        <Fact name={t("factAction")}>
          <Code>{event.action}</Code>
        </Fact>
        {target === null ? null : (
          <Fact name={t("factTarget")}>
            <Code>{target.id}</Code>
          </Fact>
        )}
        <Fact name={t("factAddress")}>{ip ?? t("none")}</Fact>
        <Fact name={t("factClient")}>{userAgent ?? t("none")}</Fact>
        {requestId === null ? null : (
          <Fact name={t("factRequest")}>
            <CopyableId id={requestId} />
          </Fact>
        )}
      </dl>
      <Group gap="xs">
        {key === null ? null : (
          <SmallButton
            label={t("onlyKey", { key: key.label ?? key.id })}
            onClick={() => onSearch({ key: key.id, q: undefined })}
          />
        )}
        {actor === null ? null : (
          <SmallButton
            label={t("onlyActor", { actor: actor.name })}
            onClick={() => onSearch({ actor: actor.id, q: undefined })}
          />
        )}
      </Group>
    </div>
  );
}
