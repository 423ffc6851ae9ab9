import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { ReplacementNote_ApiKeyFragmentDoc, type ReplacementNote_ApiKeyFragment } from "../../../generated/graphql.ts";
import type { ApiKeysSearch } from "../api-keys-search.ts";

/** Leads from either key of a pair to both, as long as neither is revoked. */
export function ReplacementNote({ apiKey }: { readonly apiKey: FragmentType<ReplacementNote_ApiKeyFragment> }) {
  const t = useTranslations("replaceKey");
  const { data, complete } = useFragment({
    fragment: ReplacementNote_ApiKeyFragmentDoc,
    fragmentName: "ReplacementNote_apiKey",
    from: apiKey,
  });
  if (!complete || data.status === "REVOKED") return null;
  const { id, replaces, replacedBy } = data;
  const old = replaces?.status === "REVOKED" ? null : replaces;
  return (
    <>
      {old === null ? null : <PairLink oldId={old.id}>{t("replaces", { name: old.name })}</PairLink>}
      {replacedBy === null ? null : <PairLink oldId={id}>{t("replacedBy", { name: replacedBy.name })}</PairLink>}
    </>
  );
}

function PairLink({ oldId, children }: { readonly oldId: string; readonly children: string }) {
  return (
    <Anchor
      renderRoot={(props) => (
        <Link
          {...props}
          to="/settings/team/api-keys"
          search={(before: ApiKeysSearch) => ({ ...before, replacement: oldId })}
          resetScroll={false}
        />
      )}
      size="xs"
      display="block"
      mt={4}
      maw={180}
      underline="always"
      lineClamp={2}
    >
      <bdi>{children}</bdi>
    </Anchor>
  );
}
