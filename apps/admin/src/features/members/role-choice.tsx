import { Radio, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { Role } from "../../generated/graphql.ts";
import { TEAM_ROLES } from "./member-standing.ts";

interface RoleChoiceProps {
  readonly label: string;
  readonly value: Role;
  /** What the viewer may choose; the others are there too, with the reason. */
  readonly assignable: readonly Role[];
  readonly error?: ReactNode;
  readonly onChange: (role: Role) => void;
}

/** The four roles, each explained. */
export function RoleChoice({ label, value, assignable, error = null, onChange }: RoleChoiceProps) {
  const tRoles = useTranslations("roles");
  const t = useTranslations("roleHelp");
  return (
    <Radio.Group label={label} value={value} error={error} onChange={(role) => onChange(role as Role)}>
      <Stack gap="sm" mt={8}>
        {TEAM_ROLES.map((role) => {
          const mayChoose = assignable.includes(role);
          return (
            <Radio
              key={role}
              value={role}
              label={tRoles(role)}
              description={mayChoose || role !== "OWNER" ? t(role) : t("onlyOwners")}
              disabled={!mayChoose}
            />
          );
        })}
      </Stack>
    </Radio.Group>
  );
}
