import { useQuery } from "@apollo/client/react";
import { Anchor, Stack, Switch, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { TeamSecurityDocument, type TeamSecurityQuery } from "../../generated/graphql.ts";
import type { CurrentTeam } from "../../session/current-team.ts";
import { SecondFactorDialog } from "./second-factor-dialog.tsx";

/** Whether the team's owners and admins need a second factor. A list that cannot be loaded says so already. */
export function TeamSecurity({ team }: { readonly team: CurrentTeam }) {
  const { data, refetch } = useQuery(TeamSecurityDocument, {
    variables: { teamId: team.id },
    fetchPolicy: "cache-and-network",
  });
  if (data?.teamSecurity == null) return null;
  return (
    <Requirement team={team} security={data.teamSecurity} onChanged={() => void refetch().catch(() => undefined)} />
  );
}

interface RequirementProps {
  readonly team: CurrentTeam;
  readonly security: NonNullable<TeamSecurityQuery["teamSecurity"]>;
  readonly onChanged: () => void;
}

function Requirement({ team, security, onChanged }: RequirementProps) {
  const t = useTranslations("teamSecurity");
  const toggle = useRef<HTMLInputElement>(null);
  const [isAsking, setIsAsking] = useState(false);
  const { requiresSecondFactor: isRequired, viewerMayChange, withoutSecondFactor } = security;
  const lacksOwn = !isRequired && !security.viewerHasSecondFactor;
  const close = () => {
    setIsAsking(false);
    requestAnimationFrame(() => toggle.current?.focus());
  };
  return (
    <Stack component="section" gap="xs" aria-label={t("title")}>
      <Title order={2} size="h4">
        {t("title")}
      </Title>
      <Switch
        ref={toggle}
        label={t("label")}
        description={t(isRequired ? "on" : "off", { team: team.name })}
        checked={isRequired}
        disabled={!viewerMayChange || lacksOwn}
        onChange={() => setIsAsking(true)}
      />
      <Reason mayChange={viewerMayChange} lacksOwn={lacksOwn} />
      <Without people={withoutSecondFactor} />
      {isAsking ? (
        <SecondFactorDialog
          team={team}
          isRequired={isRequired}
          without={withoutSecondFactor.map(({ name }) => name)}
          onClose={close}
          onChanged={onChanged}
        />
      ) : null}
    </Stack>
  );
}

/** Why the switch cannot be used, where it stands. */
function Reason({ mayChange, lacksOwn }: { readonly mayChange: boolean; readonly lacksOwn: boolean }) {
  const t = useTranslations("teamSecurity");
  if (!mayChange)
    return (
      <Text size="sm" c="dimmed">
        {t("onlyOwners")}
      </Text>
    );
  if (!lacksOwn) return null;
  return (
    <Text size="sm">
      {t("oneselfFirst")}{" "}
      <Anchor component={Link} to="/settings/account" size="sm" underline="always">
        {t("toAccount")}
      </Anchor>
    </Text>
  );
}

function Without({ people }: { readonly people: readonly { readonly name: string }[] }) {
  const t = useTranslations("teamSecurity");
  const names = people.map(({ name }) => name).join(", ");
  return (
    <Text size="sm" c="dimmed">
      {t("without", { count: people.length, names })}
    </Text>
  );
}
