import { NativeSelect, TextInput } from "@mantine/core";
import { STATUS_CLASSES } from "@latchkey/types/activity";
import { useTranslations, type Messages } from "use-intl";
import { SearchField } from "../../components/search-field.tsx";
import type { AuditLogSearch, AuditLogSearchChange } from "./audit-log-search.ts";
import classes from "./audit-log.module.css";
import { useChoices } from "./use-choices.ts";

const CODES = [
  "permission_missing",
  "rate_limited",
  "key_revoked",
  "key_expired",
  "key_owner_inactive",
  "subscription_inactive",
  "session_required",
  "not_found",
  "invalid_input",
  "unavailable",
  "internal",
] as const satisfies (keyof Messages["refusalReasons"])[];

interface CallsToolbarProps {
  readonly teamId: string;
  readonly search: AuditLogSearch;
  readonly onChange: AuditLogSearchChange;
}

export function CallsToolbar({ teamId, search, onChange }: CallsToolbarProps) {
  const t = useTranslations("calls");
  const tLog = useTranslations("auditLog");
  const tReasons = useTranslations("refusalReasons");
  const { keys, people } = useChoices(teamId, search);
  const codes = CODES.map((code) => ({ value: code as string, label: tReasons(code) }));
  const set = (name: keyof AuditLogSearch) => (event: { currentTarget: { value: string } }) =>
    onChange({ [name]: event.currentTarget.value === "" ? undefined : event.currentTarget.value });
  return (
    <div className={classes.callsToolbar} role="search" aria-label={t("filters")}>
      <SearchField
        label={tLog("search")}
        placeholder={t("searchPlaceholder")}
        clearLabel={tLog("clearSearch")}
        value={search.q ?? ""}
        onChange={(q) => onChange({ q: q === "" ? undefined : q })}
      />
      <NativeSelect
        aria-label={tLog("key")}
        value={search.key ?? ""}
        onChange={set("key")}
        data={[{ value: "", label: tLog("anyKey") }, ...keys]}
      />
      <NativeSelect
        aria-label={t("actor")}
        value={search.actor ?? ""}
        onChange={set("actor")}
        data={[{ value: "", label: tLog("anyActor") }, ...people]}
      />
      <NativeSelect
        aria-label={t("with")}
        value={search.with ?? ""}
        onChange={set("with")}
        data={[
          { value: "", label: t("withKeys") },
          { value: "sessions", label: t("withSessions") },
          { value: "all", label: t("withAll") },
        ]}
      />
      <NativeSelect
        aria-label={t("status")}
        value={search.status ?? ""}
        onChange={set("status")}
        data={[
          { value: "", label: t("anyStatus") },
          ...STATUS_CLASSES.map((name) => ({ value: name, label: t(`status${name}`) })),
        ]}
      />
      <NativeSelect
        aria-label={t("code")}
        value={search.code ?? ""}
        onChange={set("code")}
        data={[
          { value: "", label: t("anyCode") },
          ...codes,
          ...(search.code === undefined || codes.some(({ value }) => value === search.code)
            ? []
            : [{ value: search.code, label: search.code }]),
        ]}
      />
      <TextInput type="date" label={tLog("from")} value={search.from ?? ""} onChange={set("from")} />
      <TextInput type="date" label={tLog("to")} value={search.to ?? ""} onChange={set("to")} />
    </div>
  );
}
