import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { useTranslations } from "use-intl";
import { useExactTime } from "../../../components/exact-time.tsx";
import { Notice } from "../../../components/notice.tsx";
import {
  KeyStandingNotice_ApiKeyFragmentDoc,
  type KeyStandingNotice_ApiKeyFragment,
} from "../../../generated/graphql.ts";

/** Why the key is refused, and what to do; nothing while it works. */
export function KeyStandingNotice({ apiKey }: { readonly apiKey: FragmentType<KeyStandingNotice_ApiKeyFragment> }) {
  const t = useTranslations("keyStanding");
  const tReason = useTranslations("blockedReason");
  const exact = useExactTime();
  const { data, complete } = useFragment({
    fragment: KeyStandingNotice_ApiKeyFragmentDoc,
    fragmentName: "KeyStandingNotice_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  const { status, blockedReason, expiresAt, revokedAt, revokedBy, refusedSinceRevocation: count } = data;
  const since = count === 0 ? null : <p style={{ margin: "4px 0 0" }}>{t("stillCalled", { count })}</p>;
  if (status === "REVOKED" && revokedAt !== null) {
    const time = exact(revokedAt);
    return (
      <Notice tone="negative" role="status" title={t("revokedTitle")}>
        {revokedBy === null ? t("revoked", { time }) : t("revokedBy", { time, name: revokedBy.name })}
        {since}
      </Notice>
    );
  }
  if (status === "EXPIRED" && expiresAt !== null) {
    return (
      <Notice tone="warning" role="status" title={t("expiredTitle")}>
        {t("expired", { time: exact(expiresAt) })}
        {since}
      </Notice>
    );
  }
  if (blockedReason === null) return null;
  return (
    <Notice tone="warning" role="status" title={tReason(blockedReason)}>
      {tReason(`${blockedReason}Help`)}
    </Notice>
  );
}
