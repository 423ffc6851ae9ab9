import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Text } from "@mantine/core";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { ExactTime } from "../../components/exact-time.tsx";
import { LastUsedCell_ApiKeyFragmentDoc, type LastUsedCell_ApiKeyFragment } from "../../generated/graphql.ts";

export function LastUsedCell({ apiKey }: { readonly apiKey: FragmentType<LastUsedCell_ApiKeyFragment> }) {
  const t = useTranslations("apiKeysTable");
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  const { data, complete } = useFragment({
    fragment: LastUsedCell_ApiKeyFragmentDoc,
    fragmentName: "LastUsedCell_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  if (data.lastUsed === null) {
    return (
      <Text size="sm" c="dimmed">
        {t("neverUsed")}
      </Text>
    );
  }
  const address = data.lastUsedIp;
  return (
    <ExactTime instant={data.lastUsed} hint={(time) => (address === null ? time : t("usedFrom", { time, address }))}>
      {format.relativeTime(new Date(data.lastUsed), now)}
    </ExactTime>
  );
}
