import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Group, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { ApiKeyCard_ApiKeyFragmentDoc, type ApiKeyCard_ApiKeyFragment } from "../../generated/graphql.ts";
import cardClasses from "../../components/card.module.css";
import classes from "./cells.module.css";
import { CreatedCell } from "./created-cell.tsx";
import { KeyLink, keyLinkId } from "./drawer/key-link.tsx";
import { UsageSparkline } from "./drawer/usage-sparkline.tsx";
import { ExpiresCell } from "./expires-cell.tsx";
import { KeyActions } from "./key-actions.tsx";
import { LastUsedCell } from "./last-used-cell.tsx";
import { ReplacementNote } from "./replace/replacement-note.tsx";
import { StatusCell } from "./status-cell.tsx";

interface ApiKeyCardProps {
  readonly apiKey: FragmentType<ApiKeyCard_ApiKeyFragment>;
  readonly onRename: () => void;
  readonly onRevoke: () => void;
}

/** A row of the list where the window is too narrow for a table. */
export function ApiKeyCard({ apiKey, onRename, onRevoke }: ApiKeyCardProps) {
  const t = useTranslations("apiKeysTable");
  const { data, complete } = useFragment({
    fragment: ApiKeyCard_ApiKeyFragmentDoc,
    fragmentName: "ApiKeyCard_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  return (
    <li className={cardClasses.card}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <Text component="h2" fw={600} className={cardClasses.name}>
          <KeyLink id={data.id} elementId={keyLinkId(data.id)} isPlain>
            <bdi>{data.name}</bdi>
          </KeyLink>
        </Text>
        <StatusCell apiKey={data} />
      </Group>
      <ReplacementNote apiKey={data} />
      <dl className={cardClasses.facts}>
        <dt>{t("prefix")}</dt>
        <dd>
          <code className={classes.prefix}>{data.prefix}</code>
        </dd>
        <dt>{t("created")}</dt>
        <dd>
          <CreatedCell apiKey={data} />
        </dd>
        <dt>{t("expires")}</dt>
        <dd>
          <ExpiresCell apiKey={data} />
        </dd>
        <dt>{t("lastUsed")}</dt>
        <dd>
          <LastUsedCell apiKey={data} />
          <UsageSparkline apiKey={data} />
        </dd>
      </dl>
      <KeyActions apiKey={data} onRename={onRename} onRevoke={onRevoke} />
    </li>
  );
}
