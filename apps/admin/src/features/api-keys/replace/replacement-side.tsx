import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Text } from "@mantine/core";
import { useId } from "react";
import { useTranslations } from "use-intl";
import cardClasses from "../../../components/card.module.css";
import { ReplacementSide_ApiKeyFragmentDoc, type ReplacementSide_ApiKeyFragment } from "../../../generated/graphql.ts";
import cells from "../cells.module.css";
import { CreatedCell } from "../created-cell.tsx";
import { ExpiresCell } from "../expires-cell.tsx";
import { LastUsedCell } from "../last-used-cell.tsx";
import { StatusCell } from "../status-cell.tsx";
import classes from "./replacement.module.css";

interface ReplacementSideProps {
  readonly title: string;
  readonly apiKey: FragmentType<ReplacementSide_ApiKeyFragment>;
}

/** One key of the pair. */
export function ReplacementSide({ title, apiKey }: ReplacementSideProps) {
  const t = useTranslations("replacement");
  const tTable = useTranslations("apiKeysTable");
  const headingId = useId();
  const { data, complete } = useFragment({
    fragment: ReplacementSide_ApiKeyFragmentDoc,
    fragmentName: "ReplacementSide_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  return (
    <section className={`${cardClasses.card} ${classes.side}`} aria-labelledby={headingId}>
      <Text component="p" size="xs" c="dimmed" fw={600} id={headingId}>
        {title}
      </Text>
      <Text component="h3" fw={600} className={cardClasses.name}>
        <bdi>{data.name}</bdi>
      </Text>
      <code className={cells.prefix}>{data.prefix}</code>
      <dl className={`${cardClasses.facts} ${classes.facts}`}>
        <dt>{tTable("lastUsed")}</dt>
        <dd>
          <LastUsedCell apiKey={data} />
        </dd>
        <dt>{t("calls")}</dt>
        <dd>{t("callCount", { count: data.usage.reduce((sum, { calls }) => sum + calls, 0) })}</dd>
        <dt>{tTable("status")}</dt>
        <dd>
          <StatusCell apiKey={data} />
        </dd>
        <dt>{tTable("created")}</dt>
        <dd>
          <CreatedCell apiKey={data} />
        </dd>
        <dt>{tTable("expires")}</dt>
        <dd>
          <ExpiresCell apiKey={data} />
        </dd>
      </dl>
    </section>
  );
}
