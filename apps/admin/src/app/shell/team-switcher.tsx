import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Menu, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconPlus, IconSelector } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { TeamSwitcher_TeamFragmentDoc, type TeamSwitcher_TeamFragment } from "../../generated/graphql.ts";
import classes from "./menu-button.module.css";

type TeamRef = { readonly id: string } & FragmentType<TeamSwitcher_TeamFragment>;

interface TeamSwitcherProps {
  readonly team: TeamRef | null;
  readonly teams: readonly TeamRef[];
  readonly onSelect: (teamId: string) => void;
  readonly onNavigate: () => void;
}

export function TeamSwitcher({ team, ...menu }: TeamSwitcherProps) {
  const t = useTranslations("shell");
  if (team !== null) return <CurrentTeamMenu team={team} {...menu} />;
  return menu.teams.length === 0 ? null : <TeamMenu current={null} label={t("noTeamName")} {...menu} />;
}

function CurrentTeamMenu({ team, ...menu }: TeamSwitcherProps & { readonly team: TeamRef }) {
  const { data, complete } = useFragment({
    fragment: TeamSwitcher_TeamFragmentDoc,
    fragmentName: "TeamSwitcher_team",
    from: team,
  });
  return <TeamMenu current={team.id} label={complete ? data.name : ""} {...menu} />;
}

interface TeamMenuProps extends Omit<TeamSwitcherProps, "team"> {
  readonly current: string | null;
  readonly label: string;
}

function TeamMenu({ current, label, teams, onSelect, onNavigate }: TeamMenuProps) {
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
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to="/teams/new"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          onClick={onNavigate}
        >
          {t("createTeam")}
        </Menu.Item>
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
