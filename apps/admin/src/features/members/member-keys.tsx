import { Skeleton, Text } from "@mantine/core";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import classes from "./members.module.css";
import type { MemberKey, MemberKeysResult } from "./use-member-keys.ts";

interface MemberKeysProps {
  readonly title: string;
  readonly list: MemberKeysResult;
}

/** What would stop: each key with its name and last use. */
export function MemberKeys({ title, list }: MemberKeysProps) {
  const t = useTranslations("memberKeys");
  if (list.keys === null) {
    if (list.failure === null) return <Skeleton height={96} radius="sm" role="status" aria-label={t("loading")} />;
    return <FailurePanel failure={list.failure} onRetry={() => void list.refetch()} />;
  }
  const hidden = list.total - list.keys.length;
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        {title}
      </Text>
      {list.keys.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("none")}
        </Text>
      ) : (
        // A list that scrolls has to be within a keyboard's reach.
        <ul className={classes.keys} aria-label={title} tabIndex={0}>
          {list.keys.map((apiKey) => (
            <KeyItem key={apiKey.id} apiKey={apiKey} />
          ))}
          {hidden > 0 ? <li className={classes.key}>{t("more", { count: hidden })}</li> : null}
        </ul>
      )}
    </div>
  );
}

function KeyItem({ apiKey }: { readonly apiKey: MemberKey }) {
  const t = useTranslations("memberKeys");
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  const { name, prefix, lastUsed, blockedReason } = apiKey;
  const use =
    lastUsed === null ? t("neverUsed") : t("lastUsed", { when: format.relativeTime(new Date(lastUsed), now) });
  return (
    <li className={classes.key}>
      <bdi className={classes.keyName}>{name}</bdi>
      <span className={classes.keyFacts}>
        <code>{prefix}…</code> · {blockedReason === "OWNER_REMOVED" ? t("stopped") : use}
      </span>
    </li>
  );
}
