import { Button, Group, NativeSelect, Switch } from "@mantine/core";
import { useTranslations } from "use-intl";
import { SearchField } from "../../components/search-field.tsx";
import { isNarrowed, showsRevoked, type ApiKeysSearch, type SearchChange, type Sort } from "./api-keys-search.ts";
import classes from "./api-keys-toolbar.module.css";

interface ApiKeysToolbarProps {
  readonly search: ApiKeysSearch;
  readonly onChange: SearchChange;
}

const SORTS = [
  { value: "-created", label: "sortCreatedDown" },
  { value: "created", label: "sortCreatedUp" },
  { value: "name", label: "sortNameUp" },
  { value: "-name", label: "sortNameDown" },
  { value: "expires", label: "sortExpiresUp" },
  { value: "-expires", label: "sortExpiresDown" },
  { value: "-last-used", label: "sortLastUsedDown" },
  { value: "last-used", label: "sortLastUsedUp" },
] as const satisfies { value: Sort; label: string }[];

export function ApiKeysToolbar({ search, onChange }: ApiKeysToolbarProps) {
  const t = useTranslations("apiKeysToolbar");
  const areRevokedShown = showsRevoked(search);
  return (
    <Group className={classes.toolbar} role="search" aria-label={t("label")} gap="sm" align="flex-end">
      <SearchField
        label={t("search")}
        placeholder={t("searchPlaceholder")}
        clearLabel={t("clearSearch")}
        value={search.q ?? ""}
        onChange={(q) => onChange({ q: q === "" ? undefined : q })}
      />
      <NativeSelect
        aria-label={t("status")}
        value={search.status ?? ""}
        onChange={({ currentTarget }) =>
          onChange({ status: currentTarget.value === "" ? undefined : currentTarget.value })
        }
        data={[
          { value: "", label: t("anyStatus") },
          { value: "active", label: t("active") },
          { value: "expired", label: t("expired") },
          { value: "revoked", label: t("revoked") },
        ]}
      />
      <NativeSelect
        className={classes.sort}
        aria-label={t("sort")}
        value={search.sort ?? "-created"}
        onChange={({ currentTarget }) => onChange({ sort: currentTarget.value })}
        data={SORTS.map(({ value, label }) => ({ value, label: t(label) }))}
      />
      <Switch
        className={classes.switch}
        label={t("showRevoked")}
        checked={areRevokedShown}
        // A status chosen beside it would contradict the switch.
        onChange={() => onChange({ revoked: areRevokedShown ? undefined : "1", status: undefined })}
      />
      {isNarrowed(search) ? (
        <Button variant="subtle" size="compact-sm" mb={6} onClick={() => onChange({ q: undefined, status: undefined })}>
          {t("clear")}
        </Button>
      ) : null}
    </Group>
  );
}
