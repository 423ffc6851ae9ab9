import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Text } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import { ExactTime } from "../../components/exact-time.tsx";
import { CreatedCell_ApiKeyFragmentDoc, type CreatedCell_ApiKeyFragment } from "../../generated/graphql.ts";

export function CreatedCell({ apiKey }: { readonly apiKey: FragmentType<CreatedCell_ApiKeyFragment> }) {
  const t = useTranslations("apiKeysTable");
  const format = useFormatter();
  const { data, complete } = useFragment({
    fragment: CreatedCell_ApiKeyFragmentDoc,
    fragmentName: "CreatedCell_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  const { name, isMember } = data.createdBy;
  return (
    <>
      <ExactTime instant={data.createdAt}>
        {format.dateTime(new Date(data.createdAt), { dateStyle: "medium" })}
      </ExactTime>
      <Text size="xs" c="dimmed" truncate maw={180}>
        {t(isMember ? "createdBy" : "createdByFormer", { name })}
      </Text>
    </>
  );
}
