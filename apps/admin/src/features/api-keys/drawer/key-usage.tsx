import { Anchor, Group, SegmentedControl, Stack, Switch, Table, Text, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useFormatter, useTranslations, type Messages } from "use-intl";
import { FailurePanel } from "../../../components/failure-panel.tsx";
import listClasses from "../../../components/list.module.css";
import { ListSkeleton } from "../../../components/list-skeleton.tsx";
import { KeyUsageDocument, type KeyUsageQuery, type UsageRange } from "../../../generated/graphql.ts";
import { mayIn, useCurrentTeam } from "../../../session/current-team.ts";
import classes from "./key-drawer.module.css";
import { totalOf, type Bucket } from "./usage-buckets.ts";
import { UsageChart } from "./usage-chart.tsx";
import { useBucketLabel } from "./use-bucket-label.ts";
import { useFollowedQuery } from "./use-followed-query.ts";

const RANGES = ["LAST_24_HOURS", "LAST_7_DAYS", "LAST_30_DAYS"] as const satisfies UsageRange[];
type Refusals = NonNullable<KeyUsageQuery["apiKey"]>["refusals"];

type RefusalReason = keyof Messages["refusalReasons"];

interface KeyUsageProps {
  readonly keyId: string;
  readonly teamId: string;
}

export function KeyUsage({ keyId, teamId }: KeyUsageProps) {
  const t = useTranslations("keyUsage");
  const [range, setRange] = useState<UsageRange>("LAST_7_DAYS");
  const [isTable, setIsTable] = useState(false);
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label={t("range")}
          size="xs"
          value={range}
          onChange={(value) => setRange(RANGES.find((candidate) => candidate === value) ?? range)}
          data={RANGES.map((value) => ({ value, label: t(value) }))}
        />
        <Switch
          label={t("asTable")}
          checked={isTable}
          onChange={({ currentTarget }) => setIsTable(currentTarget.checked)}
        />
      </Group>
      <UsageInRange keyId={keyId} teamId={teamId} range={range} isTable={isTable} />
    </Stack>
  );
}

interface UsageInRangeProps extends KeyUsageProps {
  readonly range: UsageRange;
  readonly isTable: boolean;
}

function UsageInRange({ keyId, teamId, range, isTable }: UsageInRangeProps) {
  const t = useTranslations("keyUsage");
  const label = useBucketLabel(range);
  const { data, failure, refetch } = useFollowedQuery(KeyUsageDocument, { id: keyId, teamId, range });
  const usage = data?.apiKey?.usage;
  if (usage === undefined) {
    if (failure === null || failure === "unauthenticated") return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={failure} onRetry={refetch} />;
  }
  const [first] = usage;
  const dayStart = first === undefined ? null : label.dayStart(first.start);
  return (
    <Stack gap="md">
      {isTable ? <UsageTable buckets={usage} range={range} /> : <UsageChart buckets={usage} range={range} />}
      {dayStart === null ? null : (
        <Text size="xs" c="dimmed">
          {t("utcDays", { time: dayStart })}
        </Text>
      )}
      {totalOf(usage).calls === 0 ? null : <RefusalsTable keyId={keyId} refusals={data?.apiKey?.refusals ?? []} />}
      <CallsLink keyId={keyId}>{t("inLog")}</CallsLink>
    </Stack>
  );
}

function UsageTable({ buckets, range }: { readonly buckets: readonly Bucket[]; readonly range: UsageRange }) {
  const t = useTranslations("keyUsage");
  const format = useFormatter();
  const label = useBucketLabel(range);
  return (
    <div className={listClasses.frame}>
      <Table className={listClasses.table} aria-label={t("table", { range: t(range) })}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t(range === "LAST_24_HOURS" ? "hour" : "day")}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t("calls")}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t("refused")}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {buckets.toReversed().map(({ start, calls, refused }) => (
            <Table.Tr key={start}>
              <Table.Th scope="row" fw={400}>
                <time dateTime={start}>{label.whole(start)}</time>
              </Table.Th>
              <Table.Td ta="right">{format.number(calls)}</Table.Td>
              <Table.Td ta="right">{format.number(refused)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** To the calls one by one, for those who may read them. */
function CallsLink({ keyId, code, children }: { keyId: string; code?: string; children: ReactNode }) {
  const team = useCurrentTeam();
  if (team === null || !mayIn(team, "audit_log:read")) return null;
  const search = { tab: "calls" as const, key: keyId, ...(code === undefined ? {} : { code }) };
  return (
    <Text size="sm">
      <Anchor inherit renderRoot={(props) => <Link {...props} to="/settings/team/audit-log" search={search} />}>
        {children}
      </Anchor>
    </Text>
  );
}

interface RefusalsTableProps {
  readonly keyId: string;
  readonly refusals: Refusals;
}

function RefusalsTable({ keyId, refusals }: RefusalsTableProps) {
  const t = useTranslations("keyUsage");
  const format = useFormatter();
  if (refusals.length === 0) return <Text size="sm">{t("noneRefused")}</Text>;
  return (
    <div className={listClasses.frame}>
      <Table className={listClasses.table} aria-label={t("refusals")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("refusals")}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t("calls")}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {refusals.map(({ code, calls }) => (
            <Table.Tr key={code}>
              <Table.Th scope="row" fw={400}>
                <Reason code={code} />
                <CallsLink keyId={keyId} code={code}>
                  {t("whichCalls")}
                  <VisuallyHidden> {code}</VisuallyHidden>
                </CallsLink>
              </Table.Th>
              <Table.Td ta="right">{format.number(calls)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Reason({ code }: { readonly code: string }) {
  const t = useTranslations("refusalReasons");
  return (
    <>
      {/* A code without a sentence speaks for itself. */}
      {t.has(code as RefusalReason) ? <Text size="sm">{t(code as RefusalReason)}</Text> : null}
      <code className={classes.id}>{code}</code>
    </>
  );
}
