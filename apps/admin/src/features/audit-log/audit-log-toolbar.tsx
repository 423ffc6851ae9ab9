import { NativeSelect, TextInput } from "@mantine/core";
import { AUDIT_ACTIONS, type AuditAction } from "@latchkey/types/audit-events";
import { useTranslations } from "use-intl";
import { SearchField } from "../../components/search-field.tsx";
import type { AuditLogSearch, AuditLogSearchChange } from "./audit-log-search.ts";
import classes from "./audit-log.module.css";
import { useChoices } from "./use-choices.ts";

/** What people do about their own accounts is in no team's log. */
const OF_NO_TEAM = /^(user\.sign|account\.|second_factor\.|session\.|super_admin\.(granted|removed))/;
const ACTIONS: readonly AuditAction[] = AUDIT_ACTIONS.filter((action) => !OF_NO_TEAM.test(action));

interface AuditLogToolbarProps {
  readonly teamId: string;
  readonly search: AuditLogSearch;
  readonly onChange: AuditLogSearchChange;
}

export function AuditLogToolbar({ teamId, search, onChange }: AuditLogToolbarProps) {
  const t = useTranslations("auditLog");
  const tActions = useTranslations("auditActions");
  const { keys, people } = useChoices(teamId, search);
  const set = (name: keyof AuditLogSearch) => (event: { currentTarget: { value: string } }) =>
    onChange({ [name]: event.currentTarget.value === "" ? undefined : event.currentTarget.value });
  return (
    <div className={classes.toolbar} role="search" aria-label={t("filters")}>
      <SearchField
        label={t("search")}
        placeholder={t("searchPlaceholder")}
        clearLabel={t("clearSearch")}
        value={search.q ?? ""}
        onChange={(q) => onChange({ q: q === "" ? undefined : q })}
      />
      <NativeSelect
        aria-label={t("action")}
        value={search.action ?? ""}
        onChange={set("action")}
        data={[
          { value: "", label: t("anyAction") },
          ...ACTIONS.map((action) => ({ value: action, label: tActions(action) })),
        ]}
      />
      <NativeSelect
        aria-label={t("key")}
        value={search.key ?? ""}
        onChange={set("key")}
        data={[{ value: "", label: t("anyKey") }, ...keys]}
      />
      <NativeSelect
        aria-label={t("actor")}
        value={search.actor ?? ""}
        onChange={set("actor")}
        data={[{ value: "", label: t("anyActor") }, ...people]}
      />
      <TextInput type="date" label={t("from")} value={search.from ?? ""} onChange={set("from")} />
      <TextInput type="date" label={t("to")} value={search.to ?? ""} onChange={set("to")} />
    </div>
  );
}
