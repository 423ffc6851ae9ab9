import { Checkbox, Input, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import type { CreateDialogQuery } from "../../generated/graphql.ts";
import {
  byDomain,
  domainTitle,
  matching,
  toggleDomain,
  togglePermission,
  type DomainGroup,
} from "./permission-choice.ts";
import classes from "./permission-picker.module.css";

type Permission = CreateDialogQuery["permissions"][number];

interface PermissionPickerProps {
  readonly permissions: readonly Permission[];
  readonly chosen: readonly string[];
  readonly error: string | null;
  readonly onChange: (chosen: string[]) => void;
}

/** The catalogue by domain; what the viewer cannot grant is there too, with the reason. */
export function PermissionPicker({ permissions, chosen, error, onChange }: PermissionPickerProps) {
  const t = useTranslations("createKey");
  const [filter, setFilter] = useState("");
  const id = useId();
  const groups = byDomain(matching(permissions, filter));
  return (
    <div
      id="permissions-field"
      role="group"
      aria-labelledby={`${id}-label`}
      aria-describedby={error === null ? `${id}-help` : `${id}-help ${id}-error`}
    >
      <div className={classes.head}>
        <span id={`${id}-label`} className={classes.label}>
          {t("permissions")}
        </span>
        <Text size="xs" c="dimmed" aria-live="polite">
          {t("permissionsChosen", { count: chosen.length })}
        </Text>
      </div>
      <Text id={`${id}-help`} size="xs" c="dimmed" mb={6}>
        {t("permissionsHelp")}
      </Text>
      <div className={classes.box} data-invalid={error !== null || undefined}>
        <TextInput
          className={classes.filter}
          variant="unstyled"
          aria-label={t("permissionsFilter")}
          placeholder={t("permissionsFilter")}
          leftSection={<IconSearch size={15} aria-hidden="true" />}
          value={filter}
          onChange={({ currentTarget }) => setFilter(currentTarget.value)}
          // Enter looks for a permission here; it must not make the key.
          onKeyDown={(event) => {
            if (event.key === "Enter") event.preventDefault();
          }}
        />
        <div className={classes.scroll}>
          {groups.length === 0 ? (
            <Text size="sm" c="dimmed" p="md">
              {t("permissionsNone")}
            </Text>
          ) : (
            groups.map((group) => (
              <PermissionDomain key={group.domain} group={group} chosen={chosen} onChange={onChange} />
            ))
          )}
        </div>
      </div>
      {error === null ? null : (
        <Input.Error id={`${id}-error`} mt={6} role="alert">
          {error}
        </Input.Error>
      )}
    </div>
  );
}

interface PermissionDomainProps {
  readonly group: DomainGroup<Permission>;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
}

function PermissionDomain({ group, chosen, onChange }: PermissionDomainProps) {
  const t = useTranslations("createKey");
  const tDomains = useTranslations("permissionDomains");
  // Whoever adopts Latchkey adds domains in the catalogue alone: an untranslated one still gets a readable title.
  const key = group.domain as Parameters<typeof tDomains.has>[0];
  const title = tDomains.has(key) ? tDomains(key) : domainTitle(group.domain);
  const grantable = group.permissions.filter((permission) => permission.grantable).map(({ name }) => name);
  const held = grantable.filter((name) => chosen.includes(name));
  return (
    <fieldset className={classes.domain}>
      <legend className={classes.legend}>{title}</legend>
      <div className={classes.domainHead} aria-hidden={grantable.length === 0 || undefined}>
        {grantable.length < 2 ? (
          <span className={classes.domainTitle} aria-hidden="true">
            {title}
          </span>
        ) : (
          <Checkbox
            label={t("selectAll", { domain: title })}
            classNames={{ label: classes.domainTitle ?? "" }}
            checked={held.length === grantable.length}
            indeterminate={held.length > 0 && held.length < grantable.length}
            onChange={() => onChange(toggleDomain(chosen, grantable))}
          />
        )}
      </div>
      {group.permissions.map((permission) => (
        <Checkbox
          key={permission.name}
          className={classes.permission}
          label={permission.title}
          description={permission.grantable ? permission.description : permission.notGrantableReason}
          disabled={!permission.grantable}
          checked={chosen.includes(permission.name)}
          onChange={() => onChange(togglePermission(chosen, permission.name))}
        />
      ))}
    </fieldset>
  );
}
