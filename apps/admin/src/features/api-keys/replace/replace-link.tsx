import { ActionIcon } from "@mantine/core";
import { IconReplace } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { ApiKeysSearch } from "../api-keys-search.ts";

/** Opens the dialog for a key that takes this one's place. */
export function ReplaceLink({ id, name }: { readonly id: string; readonly name: string }) {
  const t = useTranslations("replaceKey");
  return (
    <ActionIcon
      renderRoot={(props) => (
        <Link
          {...props}
          to="/settings/team/api-keys"
          search={({ replacement: _replacement, ...before }: ApiKeysSearch) => ({ ...before, replace: id })}
          resetScroll={false}
        />
      )}
      variant="subtle"
      color="gray"
      c="dimmed"
      aria-label={t("replaceNamed", { name })}
      title={t("replaceNamed", { name })}
    >
      <IconReplace size={16} aria-hidden="true" />
    </ActionIcon>
  );
}
