import { Table } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import cardClasses from "../../components/card.module.css";
import listClasses from "../../components/list.module.css";
import { StatusBadge } from "../../components/status-badge.tsx";
import type { PlanName } from "../../generated/graphql.ts";
import classes from "./billing.module.css";
import type { Plan } from "./use-billing.ts";

interface PlansTableProps {
  readonly plans: readonly Plan[];
  readonly current: PlanName;
}

const COLUMNS = [
  "activeKeysPerTeam",
  "activeKeysPerCreator",
  "requestsPerMinute",
  "adAccounts",
  "monthlyAdSpendUsd",
] as const;

/** Every plan with its limits, the team's own marked. */
export function PlansTable({ plans, current }: PlansTableProps) {
  const t = useTranslations("plans");
  const amount = useLimitText();
  return (
    <div className={listClasses.frame}>
      <Table.ScrollContainer minWidth={760} type="native" scrollAreaProps={{ tabIndex: 0, "aria-label": t("list") }}>
        <Table className={listClasses.table} aria-label={t("list")} verticalSpacing={10} horizontalSpacing={12}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("plan")}</Table.Th>
              {COLUMNS.map((column) => (
                <Table.Th key={column} scope="col" className={classes.number}>
                  {t(column)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {plans.map((plan) => (
              <Table.Tr key={plan.name} className={classes.plan} data-current={plan.name === current || undefined}>
                <Table.Th scope="row">
                  <PlanLabel name={plan.name} isCurrent={plan.name === current} />
                </Table.Th>
                {COLUMNS.map((column) => (
                  <Table.Td key={column} className={classes.number}>
                    {amount(column, plan[column])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

/** The same where the window is too narrow for a table. */
export function PlansCards({ plans, current }: PlansTableProps) {
  const t = useTranslations("plans");
  const amount = useLimitText();
  return (
    <ul className={listClasses.cards} aria-label={t("list")}>
      {plans.map((plan) => (
        <li
          key={plan.name}
          className={`${cardClasses.card} ${classes.plan}`}
          data-current={plan.name === current || undefined}
        >
          <PlanLabel name={plan.name} isCurrent={plan.name === current} />
          <dl className={classes.planFacts}>
            {COLUMNS.map((column) => (
              <div key={column}>
                <dt>{t(column)}</dt>
                <dd>{amount(column, plan[column])}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function PlanLabel({ name, isCurrent }: { readonly name: PlanName; readonly isCurrent: boolean }) {
  const t = useTranslations("plans");
  return (
    <span className={classes.planName}>
      {t(name)}
      {isCurrent ? <StatusBadge tone="positive">{t("current")}</StatusBadge> : null}
    </span>
  );
}

function useLimitText(): (column: (typeof COLUMNS)[number], value: number | null) => string {
  const t = useTranslations("plans");
  const format = useFormatter();
  return (column, value) => {
    if (value === null) return t("unlimited");
    if (column === "monthlyAdSpendUsd")
      return format.number(value, { style: "currency", currency: "USD", maximumFractionDigits: 0 });
    return format.number(value);
  };
}
