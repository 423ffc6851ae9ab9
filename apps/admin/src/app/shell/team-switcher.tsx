import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Menu, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconSelector } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { TeamSwitcher_TeamFragmentDoc, type TeamSwitcher_TeamFragment } from "../../generated/graphql.ts";
import classes from "./menu-button.module.css";

type TeamRef = { readonly id: string } & FragmentType<TeamSwitcher_TeamFragment>;

interface TeamSwitcherProps {
  readonly team: TeamRef | null;
  readonly teams: readonly TeamRef[];
  readonly onSelect: (teamId: string) => void;
}

export function TeamSwitcher({ team, teams, onSelect }: TeamSwitcherProps) {
  const t = useTranslations("shell");
  if (team === null)
    return teams.length === 0 ? null : (
      <TeamMenu current={null} label={t("noTeamName")} teams={teams} onSelect={onSelect} />
    );
  return <CurrentTeamMenu team={team} teams={teams} onSelect={onSelect} />;
}

function CurrentTeamMenu({ team, teams, onSelect }: TeamSwitcherProps & { readonly team: TeamRef }) {
  const { data, complete } = useFragment({
    fragment: TeamSwitcher_TeamFragmentDoc,
    fragmentName: "TeamSwitcher_team",
    from: team,
  });
  return <TeamMenu current={team.id} label={complete ? data.name : ""} teams={teams} onSelect={onSelect} />;
}

interface TeamMenuProps {
  readonly current: string | null;
  readonly label: string;
  readonly teams: readonly TeamRef[];
  readonly onSelect: (teamId: string) => void;
}

function TeamMenu({ current, label, teams, onSelect }: TeamMenuProps) {
  const t = useTranslations("shell");
  return (
    <Menu withInitialFocusPlaceholder={false} width="target" position="bottom-start" withinPortal shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.button}>
          <span className={classes.tile} aria-hidden="true">
            {[...label][0]?.toUpperCase() ?? "?"}
          </span>
          <VisuallyHidden>{t("switchTeam")}</VisuallyHidden>
          <span className={classes.text}>
            <span className={classes.primary}>{label}</span>
          </span>
          <IconSelector size={16} aria-hidden="true" className={classes.chevron} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("teams")}</Menu.Label>
        <Menu.RadioGroup
          value={current}

          onChange={(teamId) => {
            if (teamId !== current) onSelect(teamId);
          }}
        >
          {teams.map((team) => (
            <TeamItem key={team.id} team={team} />
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

function TeamItem({ team }: { readonly team: TeamRef }) {
  const { data, complete } = useFragment({
    fragment: TeamSwitcher_TeamFragmentDoc,
    fragmentName: "TeamSwitcher_team",
    from: team,
  });
  if (!complete) return null;
  return (
    <Menu.RadioItem value={data.id} closeMenuOnClick>
      {data.name}
    </Menu.RadioItem>
  );
}
