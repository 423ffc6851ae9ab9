import { Text } from "@mantine/core";
import { useId } from "react";
import { useTranslations } from "use-intl";
import type { ReviewPageQuery } from "../../../generated/graphql.ts";
import type { CurrentTeam } from "../../../session/current-team.ts";
import { ReviewItem } from "./review-item.tsx";
import classes from "./review.module.css";

export type Finding = NonNullable<ReviewPageQuery["apiKeyReview"]>[number];
export type ReviewedKey = Finding["keys"][number];

interface ReviewSectionProps {
  readonly team: CurrentTeam;
  readonly finding: Finding;
  readonly onRevoke: (apiKey: ReviewedKey) => void;
}

/** The keys of which the same is worth a look. */
export function ReviewSection({ team, finding: { kind, count, keys }, onRevoke }: ReviewSectionProps) {
  const t = useTranslations("review");
  const tKind = useTranslations("reviewKind");
  const headingId = useId();
  return (
    <section className={classes.section} aria-labelledby={headingId}>
      <div className={classes.head}>
        <h2 className={classes.title} id={headingId}>
          {tKind(kind, { count })}
        </h2>
        <Text size="sm" c="dimmed">
          {tKind(`${kind}Help`)}
        </Text>
      </div>
      <ul className={classes.items} aria-labelledby={headingId}>
        {keys.map((apiKey) => (
          <ReviewItem key={apiKey.id} team={team} kind={kind} apiKey={apiKey} onRevoke={() => onRevoke(apiKey)} />
        ))}
      </ul>
      {count > keys.length ? (
        <Text size="sm" c="dimmed" className={classes.rest}>
          {t("more", { shown: keys.length, count })}
        </Text>
      ) : null}
    </section>
  );
}
