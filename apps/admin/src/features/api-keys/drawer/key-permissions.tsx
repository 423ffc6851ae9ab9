import { Stack, Table, Text } from "@mantine/core";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { ExactTime } from "../../../components/exact-time.tsx";
import { FailurePanel } from "../../../components/failure-panel.tsx";
import listClasses from "../../../components/list.module.css";
import { ListSkeleton } from "../../../components/list-skeleton.tsx";
import { StatusBadge } from "../../../components/status-badge.tsx";
import { KeyPermissionsDocument, type KeyPermissionsQuery } from "../../../generated/graphql.ts";
import classes from "./key-drawer.module.css";
import { useFollowedQuery } from "./use-followed-query.ts";

type PermissionUse = NonNullable<KeyPermissionsQuery["apiKey"]>["permissionUse"][number];

interface KeyPermissionsProps {
  readonly keyId: string;
  readonly teamId: string;
}

/** What was chosen for the key, what it may do now and why no more, and what it ever made use of. */
export function KeyPermissions({ keyId, teamId }: KeyPermissionsProps) {
  const t = useTranslations("keyPermissions");
  const { data, failure, refetch } = useFollowedQuery(KeyPermissionsDocument, { id: keyId, teamId });
  const uses = data?.apiKey?.permissionUse;
  if (data === undefined || uses === undefined) {
    if (failure === null || failure === "unauthenticated") return <ListSkeleton label={t("loading")} />;
    return <FailurePanel failure={failure} onRetry={refetch} />;
  }
  const titles = new Map(data.permissions.map(({ name, title }) => [name, title]));
  const chosen = uses.filter((use) => use.chosen);
  const others = uses.filter((use) => !use.chosen).map(({ permission }) => titles.get(permission) ?? permission);
  const effective = chosen.filter((use) => use.effective).length;
  const unused = chosen.filter((use) => use.effective && use.lastUsed === null).length;
  return (
    <Stack gap="md">
      <Text size="sm">
        {t("summary", { effective: String(effective), chosen: chosen.length })}{" "}
        {unused === 0 ? null : t("unused", { count: unused })}
      </Text>
      <div className={listClasses.frame}>
        <Table className={`${listClasses.table} ${classes.narrow}`} aria-label={t("list")} verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("permission")}</Table.Th>
              <Table.Th scope="col">{t("now")}</Table.Th>
              <Table.Th scope="col">{t("lastUsed")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {chosen.map((use) => (
              <PermissionRow key={use.permission} use={use} title={titles.get(use.permission) ?? use.permission} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {others.length === 0 ? null : (
        <Text size="sm" c="dimmed">
          {t("notChosen", { permissions: others.join(", ") })}
        </Text>
      )}
    </Stack>
  );
}

function PermissionRow({ use, title }: { readonly use: PermissionUse; readonly title: string }) {
  const t = useTranslations("keyPermissions");
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <code className={classes.id}>{use.permission}</code>
      </Table.Th>
      <Table.Td>
        {use.reason === null ? (
          <StatusBadge tone="positive">{t("effective")}</StatusBadge>
        ) : (
          <>
            <StatusBadge tone="warning">{t("notEffective")}</StatusBadge>
            <Text size="xs" c="dimmed" mt={4}>
              {t(use.reason)}
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td>
        <LastUse at={use.lastUsed} />
      </Table.Td>
    </Table.Tr>
  );
}

function LastUse({ at }: { readonly at: string | null }) {
  const t = useTranslations("keyPermissions");
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  if (at === null) {
    return (
      <Text size="sm" c="dimmed">
        {t("never")}
      </Text>
    );
  }
  return <ExactTime instant={at}>{format.relativeTime(new Date(at), now)}</ExactTime>;
}
