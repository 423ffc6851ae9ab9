import type { FragmentType } from "@apollo/client";
import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type {
  ApiKeyCard_ApiKeyFragment,
  ApiKeyRow_ApiKeyFragment,
  RenameDialog_ApiKeyFragment,
  RevokeDialog_ApiKeyFragment,
} from "../../generated/graphql.ts";
import { ApiKeyCard } from "./api-key-card.tsx";
import { ApiKeyRow } from "./api-key-row.tsx";
import classes from "../../components/list.module.css";
import { nextSort, sortDirection, type Sort, type SortField } from "./api-keys-search.ts";

/** One key as the list passes it on: only its id is known here, the rest belongs to the components it is handed to. */
export type ListedKey = { readonly id: string } & FragmentType<ApiKeyRow_ApiKeyFragment> &
  FragmentType<ApiKeyCard_ApiKeyFragment> &
  FragmentType<RevokeDialog_ApiKeyFragment> &
  FragmentType<RenameDialog_ApiKeyFragment>;

interface ApiKeysListProps {
  readonly label: string;
  readonly apiKeys: readonly ListedKey[];
  readonly isUpdating: boolean;
  readonly sort: Sort | undefined;
  readonly onSort: (sort: Sort) => void;
  readonly onRename: (apiKey: ListedKey) => void;
  readonly onRevoke: (apiKey: ListedKey) => void;
}

const COLUMNS = [
  { message: "name", field: "name" },
  { message: "prefix", field: null },
  { message: "created", field: "created" },
  { message: "expires", field: "expires" },
  { message: "lastUsed", field: "last-used" },
  { message: "status", field: null },
] as const satisfies { message: string; field: SortField | null }[];

export function ApiKeysTable({ label, apiKeys, isUpdating, sort, onSort, onRename, onRevoke }: ApiKeysListProps) {
  const t = useTranslations("apiKeysTable");
  return (
    <div className={classes.frame}>
      <Table.ScrollContainer minWidth={900} type="native" scrollAreaProps={{ tabIndex: 0, "aria-label": label }}>
        <Table
          className={classes.table}
          aria-label={label}
          aria-busy={isUpdating}
          verticalSpacing={10}
          horizontalSpacing={12}
          highlightOnHover
        >
          <Table.Thead>
            <Table.Tr>
              {COLUMNS.map(({ message, field }) =>
                field === null ? (
                  <Table.Th key={message} scope="col">
                    {t(message)}
                  </Table.Th>
                ) : (
                  <SortableHeader key={message} label={t(message)} field={field} sort={sort} onSort={onSort} />
                ),
              )}
              <Table.Th scope="col" className={classes.actions}>
                {t("actions")}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {apiKeys.map((apiKey) => (
              <ApiKeyRow
                key={apiKey.id}
                apiKey={apiKey}
                onRename={() => onRename(apiKey)}
                onRevoke={() => onRevoke(apiKey)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

export function ApiKeysCards({ label, apiKeys, isUpdating, onRename, onRevoke }: ApiKeysListProps) {
  return (
    <ul className={classes.cards} aria-label={label} aria-busy={isUpdating}>
      {apiKeys.map((apiKey) => (
        <ApiKeyCard
          key={apiKey.id}
          apiKey={apiKey}
          onRename={() => onRename(apiKey)}
          onRevoke={() => onRevoke(apiKey)}
        />
      ))}
    </ul>
  );
}

interface SortableHeaderProps {
  readonly label: string;
  readonly field: SortField;
  readonly sort: Sort | undefined;
  readonly onSort: (sort: Sort) => void;
}

function SortableHeader({ label, field, sort, onSort }: SortableHeaderProps) {
  const direction = sortDirection(sort, field);
  const Icon = direction === "none" ? IconArrowsSort : direction === "ascending" ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th scope="col" aria-sort={direction}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(nextSort(sort, field))}>
        {label}
        <Icon size={14} aria-hidden="true" className={classes.sortIcon} data-idle={direction === "none" || undefined} />
      </UnstyledButton>
    </Table.Th>
  );
}
