import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { DrawerActions_ApiKeyFragmentDoc, type DrawerActions_ApiKeyFragment } from "../../../generated/graphql.ts";
import type { ApiKeysSearch } from "../api-keys-search.ts";
import { mayIn, type CurrentTeam } from "../../../session/current-team.ts";

interface DrawerActionsProps {
  readonly apiKey: FragmentType<DrawerActions_ApiKeyFragment>;
  readonly team: CurrentTeam;
  readonly onOpen: (dialog: "rename" | "revoke") => void;
}

export function DrawerActions({ apiKey, team, onOpen }: DrawerActionsProps) {
  const t = useTranslations("keyDrawer");
  const { data, complete } = useFragment({
    fragment: DrawerActions_ApiKeyFragmentDoc,
    fragmentName: "DrawerActions_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  const isRevoked = data.status === "REVOKED";
  const mayReplace = mayIn(team, "api_keys:create") && !isRevoked && data.replacedBy === null;
  return (
    <Group gap="xs">
      {data.viewerMayRename ? (
        <Button variant="default" size="xs" onClick={() => onOpen("rename")}>
          {t("rename")}
        </Button>
      ) : null}
      {mayReplace ? (
        <Button
          renderRoot={(props) => (
            <Link
              {...props}
              to="/settings/team/api-keys"
              search={({ key: _key, ...before }: ApiKeysSearch) => ({ ...before, replace: data.id })}
              state
              resetScroll={false}
            />
          )}
          variant="default"
          size="xs"
        >
          {t("replace")}
        </Button>
      ) : null}
      {data.viewerMayRevoke && !isRevoked ? (
        <Button variant="default" size="xs" c="var(--mantine-color-error)" onClick={() => onOpen("revoke")}>
          {t("revoke")}
        </Button>
      ) : null}
    </Group>
  );
}
