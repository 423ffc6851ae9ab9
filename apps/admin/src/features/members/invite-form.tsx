import { Button, Group, Stack, TextInput } from "@mantine/core";
import { rolesGrantedBy, type Role as CatalogueRole } from "@latchkey/types/roles";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import type { Role } from "../../generated/graphql.ts";
import type { CurrentTeam } from "../../session/current-team.ts";
import { RoleChoice } from "./role-choice.tsx";
import { useInvite, type ShownInvitation } from "./use-invite.ts";

interface InviteFormProps {
  readonly team: CurrentTeam;
  readonly onBusy: (isBusy: boolean) => void;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
  readonly onInvited: (invitation: ShownInvitation) => void;
}

export function InviteForm({ team, onBusy, onDirty, onCancel, onInvited }: InviteFormProps) {
  const t = useTranslations("inviteMember");
  const tApp = useTranslations("app");
  const { form, invite, isBusy, error } = useInvite(team.id, onInvited);
  const isDirty = form.isDirty();
  useEffect(() => onBusy(isBusy), [isBusy, onBusy]);
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);
  return (
    <form onSubmit={form.onSubmit(invite)} noValidate autoComplete="off">
      <Stack gap="lg">
        <TextInput
          label={t("email")}
          description={t("emailHelp")}
          type="email"
          data-autofocus
          {...form.getInputProps("email")}
        />
        <RoleChoice
          label={t("role")}
          value={form.values.role}
          assignable={assignableBy(team.role)}
          error={form.errors["role"]}
          onChange={(role) => form.setFieldValue("role", role)}
        />
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel} disabled={isBusy}>
            {tApp("cancel")}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t("submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function assignableBy(role: Role): readonly Role[] {
  return rolesGrantedBy(role.toLowerCase() as CatalogueRole).map((granted) => granted.toUpperCase() as Role);
}
