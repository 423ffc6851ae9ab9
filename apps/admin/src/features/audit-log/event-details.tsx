import { Button, Code, Group } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { SmallButton } from "../../components/small-button.tsx";
import { useCopy } from "../../components/use-copy.ts";
import type { AuditEventItem_EventFragment } from "../../generated/graphql.ts";
import type { AuditLogSearchChange } from "./audit-log-search.ts";
import classes from "./audit-log.module.css";
import { ChangesTable } from "./changes-table.tsx";

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

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function CopyableId({ id }: { readonly id: string }) {
  const t = useTranslations("copyField");
  const tLog = useTranslations("auditLog");
  const text = useRef<HTMLElement>(null);
  const { outcome, copy } = useCopy();
  const Icon = outcome === "copied" ? IconCheck : IconCopy;
  return (
    <Group gap={6} wrap="wrap">
      <Code ref={text} tabIndex={-1}>
        {id}
      </Code>
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<Icon size={14} aria-hidden="true" />}
        aria-label={tLog("copyRequest")}
        onClick={() => void copy(id, text.current)}
      >
        {outcome === "copied" ? t("copied") : t("copy")}
      </Button>
      <span role="status">{outcome === "by-hand" ? t("byHand") : null}</span>
    </Group>
  );
}
