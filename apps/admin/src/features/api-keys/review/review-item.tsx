import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Anchor, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { SmallButton } from "../../../components/small-button.tsx";
import {
  ReviewItem_ApiKeyFragmentDoc,
  type ReviewFindingKind,
  type ReviewItem_ApiKeyFragment,
} from "../../../generated/graphql.ts";
import { mayIn, type CurrentTeam } from "../../../session/current-team.ts";
import type { ApiKeysSearch } from "../api-keys-search.ts";
import cells from "../cells.module.css";
import { actionsFor } from "./review-actions.ts";
import classes from "./review.module.css";

interface ReviewItemProps {
  readonly team: CurrentTeam;
  readonly kind: ReviewFindingKind;
  readonly apiKey: FragmentType<ReviewItem_ApiKeyFragment>;
  readonly onRevoke: () => void;
}

/** One key with what there is about it, and what can be done. */
export function ReviewItem({ team, kind, apiKey, onRevoke }: ReviewItemProps) {
  const t = useTranslations("review");
  const tTable = useTranslations("apiKeysTable");
  const { data, complete } = useFragment({
    fragment: ReviewItem_ApiKeyFragmentDoc,
    fragmentName: "ReviewItem_apiKey",
    from: apiKey,
  });
  const sentence = useSentence();
  if (!complete) return null;
  const { id, name, replacedBy } = data;
  const actions = actionsFor(kind, {
    mayReplace: mayIn(team, "api_keys:create"),
    mayRevoke: data.viewerMayRevoke,
    isReplaced: replacedBy !== null,
  });
  return (
    <li className={classes.item}>
      <div className={classes.about}>
        <Group gap={8} align="baseline">
          <Anchor
            renderRoot={(props) => <Link {...props} to="/settings/team/api-keys" search={{ key: id }} />}
            fw={600}
            className={classes.name}
          >
            <bdi>{name}</bdi>
          </Anchor>
          <code className={cells.prefix}>{data.prefix}</code>
          <Text span size="xs" c="dimmed">
            {tTable("createdBy", { name: data.createdBy.name })}
          </Text>
        </Group>
        <Text size="sm" mt={2}>
          {sentence(kind, data)}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        {actions.includes("replace") ? (
          <ActionLink label={t("replace")} name={t("replaceNamed", { name })} search={{ replace: id }} />
        ) : null}
        {actions.includes("compare") ? (
          <ActionLink label={t("compare")} name={t("compareNamed", { name })} search={{ replacement: id }} />
        ) : null}
        {actions.includes("revoke") ? (
          <SmallButton label={tTable("revoke")} name={tTable("revokeNamed", { name })} isGrave onClick={onRevoke} />
        ) : null}
      </Group>
    </li>
  );
}

interface ActionLinkProps {
  readonly label: string;
  readonly name: string;
  /** Of the list, whose dialogs do the rest. */
  readonly search: ApiKeysSearch;
}

function ActionLink({ label, name, search }: ActionLinkProps) {
  return (
    <Button
      renderRoot={(props) => <Link {...props} to="/settings/team/api-keys" search={search} />}
      variant="default"
      size="compact-xs"
      fz={13}
      h={26}
      aria-label={name}
    >
      {label}
    </Button>
  );
}

function useSentence(): (kind: ReviewFindingKind, apiKey: ReviewItem_ApiKeyFragment) => string {
  const t = useTranslations("reviewSentence");
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  return (kind, { createdAt, createdBy, blockedReason, lastUsed, permissionUse }) => {
    const made = format.relativeTime(new Date(createdAt), now);
    const used = lastUsed === null ? "" : format.relativeTime(new Date(lastUsed), now);
    switch (kind) {
      case "OWNER_GONE":
        return t(blockedReason === "OWNER_BANNED" ? "banned" : "left", { name: createdBy.name });
      case "NEVER_USED":
        return t("neverUsed", { made });
      case "UNUSED_30_DAYS":
      case "UNUSED_90_DAYS":
        return t("unused", { used });
      case "PERMISSIONS_NEVER_USED": {
        const names = permissionUse.filter((use) => use.effective && use.lastUsed === null);
        return t("permissions", { permissions: names.map(({ permission }) => permission).join(", ") });
      }
      case "NO_EXPIRY":
        return lastUsed === null ? t("noExpiryUnused", { made }) : t("noExpiry", { made, used });
    }
  };
}
