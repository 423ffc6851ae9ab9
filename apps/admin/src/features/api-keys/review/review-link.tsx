import { useQuery } from "@apollo/client/react";
import { Button } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { ReviewLinkDocument } from "../../../generated/graphql.ts";

/** To the review of the keys, with how much there is. Without an answer it leads there all the same. */
export function ReviewLink({ teamId }: { readonly teamId: string }) {
  const t = useTranslations("review");
  const { data } = useQuery(ReviewLinkDocument, { variables: { teamId }, fetchPolicy: "cache-and-network" });
  const count = (data?.apiKeyReview ?? []).reduce((sum, finding) => sum + finding.count, 0);
  return (
    <Button
      component={Link}
      to="/settings/team/api-keys/review"
      variant="default"
      leftSection={<IconListCheck size={16} aria-hidden="true" />}
      aria-label={t("linkNamed", { count })}
    >
      {count === 0 ? t("link") : t("linkWithCount", { count })}
    </Button>
  );
}
