import type { FragmentType } from "@apollo/client";
import { Table } from "@mantine/core";
import { useTranslations } from "use-intl";
import listClasses from "../../components/list.module.css";
import type { BanDialog_PersonFragment, PersonItem_PersonFragment } from "../../generated/graphql.ts";
import { PersonCard, PersonRow } from "./person-item.tsx";

/** One person as the list passes them on: only their id is known here. */
export type ListedPerson = { readonly id: string } & FragmentType<PersonItem_PersonFragment> &
  FragmentType<BanDialog_PersonFragment>;

interface PeopleListProps {
  readonly people: readonly ListedPerson[];
  readonly isUpdating: boolean;
  readonly onBan: (person: ListedPerson) => void;
}

const COLUMNS = ["name", "state", "teams", "keys"] as const;

export function PeopleTable({ people, isUpdating, onBan }: PeopleListProps) {
  const t = useTranslations("backofficePeople");
  const tPage = useTranslations("backoffice");
  return (
    <div className={listClasses.frame}>
      <Table.ScrollContainer minWidth={720} type="native" scrollAreaProps={{ tabIndex: 0, "aria-label": t("list") }}>
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
            {people.map((person) => (
              <PersonRow key={person.id} person={person} onBan={() => onBan(person)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

export function PeopleCards({ people, isUpdating, onBan }: PeopleListProps) {
  const t = useTranslations("backofficePeople");
  return (
    <ul className={listClasses.cards} aria-label={t("list")} aria-busy={isUpdating}>
      {people.map((person) => (
        <PersonCard key={person.id} person={person} onBan={() => onBan(person)} />
      ))}
    </ul>
  );
}
