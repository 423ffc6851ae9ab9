import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { ActionIcon, Button, Group } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { mayIn, useCurrentTeam } from "../../session/current-team.ts";
import { ReplaceLink } from "./replace/replace-link.tsx";
import { KeyActions_ApiKeyFragmentDoc, type KeyActions_ApiKeyFragment } from "../../generated/graphql.ts";

interface KeyActionsProps {
  readonly apiKey: FragmentType<KeyActions_ApiKeyFragment>;
  readonly onRename: () => void;
  readonly onRevoke: () => void;
}

export function KeyActions({ apiKey, onRename, onRevoke }: KeyActionsProps) {
  const t = useTranslations("apiKeysTable");
  const { data, complete } = useFragment({
    fragment: KeyActions_ApiKeyFragmentDoc,
    fragmentName: "KeyActions_apiKey",
    from: apiKey,
  });
  const team = useCurrentTeam();
  if (!complete) return null;
  const { name } = data;
  const mayReplace = team !== null && mayIn(team, "api_keys:create");
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {mayReplace && data.status !== "REVOKED" && data.replacedBy === null ? (
        <ReplaceLink id={data.id} name={name} />
      ) : null}
      {data.viewerMayRename ? (
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          aria-label={t("rename", { name })}
          title={t("rename", { name })}
          onClick={onRename}
        >
          <IconPencil size={16} aria-hidden="true" />
        </ActionIcon>
      ) : null}
      {data.viewerMayRevoke && data.status !== "REVOKED" ? (
        <Button
          variant="default"
          size="compact-xs"
          fz={13}
          h={26}
          c="var(--mantine-color-error)"
          aria-label={t("revokeNamed", { name })}
          onClick={onRevoke}
        >
          {t("revoke")}
        </Button>
      ) : null}
    </Group>
  );
}
