import type { FragmentType } from "@apollo/client";
import { Table } from "@mantine/core";
import { useTranslations } from "use-intl";
import listClasses from "../../components/list.module.css";
import type { EditTeamDialog_TeamFragment, TeamItem_TeamFragment } from "../../generated/graphql.ts";
import { TeamCard, TeamRow } from "./team-item.tsx";

/** One team as the list passes it on: only its id is known here. */
export type ListedTeam = { readonly id: string } & FragmentType<TeamItem_TeamFragment> &
  FragmentType<EditTeamDialog_TeamFragment>;

interface TeamsListProps {
  readonly teams: readonly ListedTeam[];
  readonly isUpdating: boolean;
  readonly onEdit: (team: ListedTeam) => void;
}

const COLUMNS = ["name", "plan", "status", "rate", "members", "keys"] as const;

export function TeamsTable({ teams, isUpdating, onEdit }: TeamsListProps) {
  const t = useTranslations("backofficeTeams");
  const tPage = useTranslations("backoffice");
  return (
    <div className={listClasses.frame}>
      <Table.ScrollContainer minWidth={860} type="native" scrollAreaProps={{ tabIndex: 0, "aria-label": t("list") }}>
        <Table
          className={listClasses.table}
          aria-label={t("list")}
          aria-busy={isUpdating}
          verticalSpacing={10}
          horizontalSpacing={12}
          highlightOnHover
        >
          <Table.Thead>
            <Table.Tr>
              {COLUMNS.map((column) => (
                <Table.Th key={column} scope="col">
                  {t(column)}
                </Table.Th>
              ))}
              <Table.Th scope="col" className={listClasses.actions}>
                {tPage("actions")}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {teams.map((team) => (
              <TeamRow key={team.id} team={team} onEdit={() => onEdit(team)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

export function TeamsCards({ teams, isUpdating, onEdit }: TeamsListProps) {
  const t = useTranslations("backofficeTeams");
  return (
    <ul className={listClasses.cards} aria-label={t("list")} aria-busy={isUpdating}>
      {teams.map((team) => (
        <TeamCard key={team.id} team={team} onEdit={() => onEdit(team)} />
      ))}
    </ul>
  );
}
