import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useFormatter } from "use-intl";
import { ExactTime } from "../../components/exact-time.tsx";
import { AuditEventItem_EventFragmentDoc, type AuditEventItem_EventFragment } from "../../generated/graphql.ts";
import type { AuditLogSearchChange } from "./audit-log-search.ts";
import classes from "./audit-log.module.css";
import { EventDetails } from "./event-details.tsx";
import { EventSentence } from "../../components/event-sentence.tsx";

interface AuditEventItemProps {
  readonly event: FragmentType<AuditEventItem_EventFragment>;
  readonly onSearch: AuditLogSearchChange;
}

/** One event: a sentence and its time, and the rest on demand. */
export function AuditEventItem({ event, onSearch }: AuditEventItemProps) {
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  const { data, complete } = useFragment({
    fragment: AuditEventItem_EventFragmentDoc,
    fragmentName: "AuditEventItem_event",
    from: event,
  });
  if (!complete) return null;
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
            <EventSentence event={data} />
          </span>
        </UnstyledButton>
        <span className={classes.time}>
          <EventTime at={data.at} />
        </span>
      </div>
      {isOpen ? <EventDetails id={detailsId} event={data} onSearch={onSearch} /> : <span id={detailsId} hidden />}
    </li>
  );
}

/** Where the viewer is, and on hover in UTC too, as the server's own logs have it. */
function EventTime({ at }: { readonly at: string }) {
  const format = useFormatter();
  const instant = new Date(at);
  const utc = `${at.slice(0, 19).replace("T", " ")} UTC`;
  return (
    <ExactTime instant={at} hint={(exact) => `${exact} · ${utc}`}>
      {format.dateTime(instant, { dateStyle: "medium", timeStyle: "short" })}
    </ExactTime>
  );
}
