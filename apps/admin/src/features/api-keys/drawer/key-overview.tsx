import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useFormatter, useTranslations } from "use-intl";
import {
  KeyOverview_ApiKeyFragmentDoc,
  type ApiKeyStatus,
  type KeyOverview_ApiKeyFragment,
} from "../../../generated/graphql.ts";
import cellClasses from "../cells.module.css";
import { CreatedCell } from "../created-cell.tsx";
import { ExpiresCell } from "../expires-cell.tsx";
import { LastUsedCell } from "../last-used-cell.tsx";
import { StatusCell } from "../status-cell.tsx";
import classes from "./key-drawer.module.css";
import { KeyLink } from "./key-link.tsx";
import { KeyStandingNotice } from "./key-standing-notice.tsx";

export function KeyOverview({ apiKey }: { readonly apiKey: FragmentType<KeyOverview_ApiKeyFragment> }) {
  const t = useTranslations("apiKeysTable");
  const tOverview = useTranslations("keyOverview");
  const format = useFormatter();
  const { data, complete } = useFragment({
    fragment: KeyOverview_ApiKeyFragmentDoc,
    fragmentName: "KeyOverview_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  const { replaces, replacedBy, refusedSinceRevocation } = data;
  return (
    <Stack gap="md">
      <KeyStandingNotice apiKey={data} />
      <dl className={classes.facts}>
        <Fact name={t("status")}>
          <StatusCell apiKey={data} />
        </Fact>
        <Fact name={t("prefix")}>
          <code className={cellClasses.prefix}>{data.prefix}</code>
        </Fact>
        <Fact name={t("created")}>
          <CreatedCell apiKey={data} />
        </Fact>
        <Fact name={t("expires")}>
          <ExpiresCell apiKey={data} />
        </Fact>
        <Fact name={t("lastUsed")}>
          <LastUsedCell apiKey={data} />
          {data.lastUsedIp === null ? null : (
            <Text size="xs" c="dimmed">
              {tOverview("from", { address: data.lastUsedIp })}
            </Text>
          )}
        </Fact>
        {refusedSinceRevocation === 0 ? null : (
          <Fact name={tOverview("refused")}>{format.number(refusedSinceRevocation)}</Fact>
        )}
        {replaces === null ? null : (
          <Fact name={tOverview("replaces")}>
            <LinkedKey {...replaces} />
          </Fact>
        )}
        {replacedBy === null ? null : (
          <Fact name={tOverview("replacedBy")}>
            <LinkedKey {...replacedBy} />
          </Fact>
        )}
        <Fact name={tOverview("id")}>
          <code className={classes.id}>{data.id}</code>
        </Fact>
      </dl>
    </Stack>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

interface LinkedKeyProps {
  readonly id: string;
  readonly name: string;
  readonly status: ApiKeyStatus;
}

function LinkedKey({ id, name, status }: LinkedKeyProps) {
  const t = useTranslations("apiKeyStatus");
  return (
    <>
      <KeyLink id={id}>
        <bdi>{name}</bdi>
      </KeyLink>
      <Text size="xs" c="dimmed">
        {t(status)}
      </Text>
    </>
  );
}
