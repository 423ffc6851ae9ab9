import type { FragmentType } from "@apollo/client";
import { Table } from "@mantine/core";
import { useTranslations } from "use-intl";
import listClasses from "../../components/list.module.css";
import type {
  MemberCard_MemberFragment,
  MemberRow_MemberFragment,
  RemoveDialog_MemberFragment,
  RoleDialog_MemberFragment,
} from "../../generated/graphql.ts";
import type { CurrentTeam } from "../../session/current-team.ts";
import { MemberCard } from "./member-card.tsx";
import { MemberRow } from "./member-row.tsx";

/** One member as the list passes it on: only its id is known here. */
export type ListedMember = { readonly id: string } & FragmentType<MemberRow_MemberFragment> &
  FragmentType<MemberCard_MemberFragment> &
  FragmentType<RoleDialog_MemberFragment> &
  FragmentType<RemoveDialog_MemberFragment>;

interface MembersListProps {
  readonly team: CurrentTeam;
  readonly members: readonly ListedMember[];
  readonly isUpdating: boolean;
  readonly onChangeRole: (member: ListedMember) => void;
  readonly onRemove: (member: ListedMember) => void;
  readonly onLeave: () => void;
}

const COLUMNS = ["name", "role", "joined", "activeKeys"] as const;

export function MembersTable({ team, members, isUpdating, onChangeRole, onRemove, onLeave }: MembersListProps) {
  const t = useTranslations("members");
  const label = t("list", { team: team.name });
  return (
    <div className={listClasses.frame}>
      <Table.ScrollContainer minWidth={720} type="native" scrollAreaProps={{ tabIndex: 0, "aria-label": label }}>
        <Table
          className={listClasses.table}
          aria-label={label}
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
                {t("actions")}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {members.map((member) => (
              <MemberRow
                key={member.id}
                member={member}
                team={team}
                onChangeRole={() => onChangeRole(member)}
                onRemove={() => onRemove(member)}
                onLeave={onLeave}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

export function MembersCards({ team, members, isUpdating, onChangeRole, onRemove, onLeave }: MembersListProps) {
  const t = useTranslations("members");
  return (
    <ul className={listClasses.cards} aria-label={t("list", { team: team.name })} aria-busy={isUpdating}>
      {members.map((member) => (
        <MemberCard
          key={member.id}
          member={member}
          team={team}
          onChangeRole={() => onChangeRole(member)}
          onRemove={() => onRemove(member)}
          onLeave={onLeave}
        />
      ))}
    </ul>
  );
}
