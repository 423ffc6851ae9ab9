import { Button, CloseButton, Group, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
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
      <SearchField value={search.q ?? ""} onChange={(q) => onChange({ q: q === "" ? undefined : q })} />
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

/** Follows the address, and changes it once typing pauses. */
function SearchField({ value, onChange }: { readonly value: string; readonly onChange: (q: string) => void }) {
  const t = useTranslations("apiKeysToolbar");
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const send = useDebouncedCallback((q: string) => {
    sent.current = q;
    onChange(q);
  }, 300);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  const change = (q: string) => {
    setText(q);
    send(q);
  };
  return (
    <TextInput
      className={classes.search}
      type="search"
      aria-label={t("search")}
      placeholder={t("searchPlaceholder")}
      maxLength={100}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      rightSection={
        text === "" ? null : <CloseButton size="sm" aria-label={t("clearSearch")} onClick={() => change("")} />
      }
      value={text}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
