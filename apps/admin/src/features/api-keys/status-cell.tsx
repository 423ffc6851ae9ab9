import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { useTranslations } from "use-intl";
import { useExactTime } from "../../components/exact-time.tsx";
import { Hint } from "../../components/hint.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import {
  StatusCell_ApiKeyFragmentDoc,
  type ApiKeyStatus,
  type StatusCell_ApiKeyFragment,
} from "../../generated/graphql.ts";
import classes from "./cells.module.css";

const TONES = { ACTIVE: "positive", EXPIRED: "neutral", REVOKED: "negative" } as const satisfies Record<
  ApiKeyStatus,
  string
>;

export function StatusCell({ apiKey }: { readonly apiKey: FragmentType<StatusCell_ApiKeyFragment> }) {
  const t = useTranslations("apiKeyStatus");
  const tReason = useTranslations("blockedReason");
  const { data, complete } = useFragment({
    fragment: StatusCell_ApiKeyFragmentDoc,
    fragmentName: "StatusCell_apiKey",
    from: apiKey,
  });
  const revocation = useRevocation();
  if (!complete) return null;
  const { status, blockedReason } = data;
  const badge = <StatusBadge tone={TONES[status]}>{t(status)}</StatusBadge>;
  return (
    <div className={classes.badges}>
      {status === "REVOKED" && data.revokedAt !== null ? (
        <Hint label={revocation(data.revokedAt, data.revokedBy?.name ?? null)}>
          <span className={classes.hinted} tabIndex={0}>
            {badge}
          </span>
        </Hint>
      ) : (
        badge
      )}
      {blockedReason === null ? null : (
        <Hint label={tReason(`${blockedReason}Help`)}>
          <span className={classes.hinted} tabIndex={0}>
            <StatusBadge tone="warning">{tReason(blockedReason)}</StatusBadge>
          </span>
        </Hint>
      )}
    </div>
  );
}

function useRevocation(): (revokedAt: string, by: string | null) => string {
  const t = useTranslations("apiKeysTable");
  const exact = useExactTime();
  return (revokedAt, by) =>
    by === null ? t("revokedAt", { time: exact(revokedAt) }) : t("revokedBy", { time: exact(revokedAt), name: by });
}
