import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ExactTime } from "../../components/exact-time.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import { CallItem_CallFragmentDoc, type CallItem_CallFragment } from "../../generated/graphql.ts";
import type { AuditLogSearchChange } from "./audit-log-search.ts";
import classes from "./audit-log.module.css";
import { CallDetails } from "./call-details.tsx";

interface CallItemProps {
  readonly call: FragmentType<CallItem_CallFragment>;
  readonly onSearch: AuditLogSearchChange;
}

/** One call: how it was answered, who made it and what for; the rest on demand. */
export function CallItem({ call, onSearch }: CallItemProps) {
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  const format = useFormatter();
  const { data, complete } = useFragment({
    fragment: CallItem_CallFragmentDoc,
    fragmentName: "CallItem_call",
    from: call,
  });
  if (!complete) return null;
  const utc = `${data.at.slice(0, 19).replace("T", " ")} UTC`;
  return (
    <li className={classes.event}>
      <div className={classes.line}>
        <UnstyledButton
          className={classes.toggle}
          aria-expanded={isOpen}
          aria-controls={detailsId}
          onClick={() => setIsOpen((open) => !open)}
        >
          <IconChevronRight size={16} className={classes.chevron} data-open={isOpen || undefined} aria-hidden="true" />
          <span className={classes.sentence}>
            <CallSentence call={data} />
          </span>
        </UnstyledButton>
        <span className={classes.time}>
          <ExactTime instant={data.at} hint={(exact) => `${exact} · ${utc}`}>
            {format.dateTime(new Date(data.at), { dateStyle: "medium", timeStyle: "medium" })}
          </ExactTime>
        </span>
      </div>
      {isOpen ? <CallDetails id={detailsId} call={data} onSearch={onSearch} /> : <span id={detailsId} hidden />}
    </li>
  );
}

function CallSentence({ call }: { readonly call: CallItem_CallFragment }) {
  const t = useTranslations("calls");
  const { apiKey, actor, method, operation, status, code, calls } = call;
  const tone = status >= 500 ? "negative" : status >= 400 || code !== null ? "warning" : "positive";
  return (
    <>
      <StatusBadge tone={tone}>{code === null ? status : `${status} ${code}`}</StatusBadge>{" "}
      <strong>
        <bdi>{apiKey?.name ?? actor?.name ?? t("somebody")}</bdi>
      </strong>{" "}
      <span className={classes.operation}>
        {method} {operation}
      </span>
      {calls > 1 ? <> {t("times", { count: calls })}</> : null}
    </>
  );
}
