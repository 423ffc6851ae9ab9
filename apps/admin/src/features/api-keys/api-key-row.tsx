import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Table, Text } from "@mantine/core";
import { ApiKeyRow_ApiKeyFragmentDoc, type ApiKeyRow_ApiKeyFragment } from "../../generated/graphql.ts";
import classes from "./cells.module.css";
import { CreatedCell } from "./created-cell.tsx";
import { KeyLink, keyLinkId } from "./drawer/key-link.tsx";
import { UsageSparkline } from "./drawer/usage-sparkline.tsx";
import { ExpiresCell } from "./expires-cell.tsx";
import { KeyActions } from "./key-actions.tsx";
import { LastUsedCell } from "./last-used-cell.tsx";
import { ReplacementNote } from "./replace/replacement-note.tsx";
import { StatusCell } from "./status-cell.tsx";

interface ApiKeyRowProps {
  readonly apiKey: FragmentType<ApiKeyRow_ApiKeyFragment>;
  readonly onRename: () => void;
  readonly onRevoke: () => void;
}

export function ApiKeyRow({ apiKey, onRename, onRevoke }: ApiKeyRowProps) {
  const { data, complete } = useFragment({
    fragment: ApiKeyRow_ApiKeyFragmentDoc,
    fragmentName: "ApiKeyRow_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  return (
    <Table.Tr>
      <Table.Th scope="row" maw={280}>
        <Text size="sm" fw={600} lineClamp={2} title={data.name}>
          <KeyLink id={data.id} elementId={keyLinkId(data.id)} isPlain>
            <bdi>{data.name}</bdi>
          </KeyLink>
        </Text>
      </Table.Th>
      <Table.Td>
        <code className={classes.prefix}>{data.prefix}</code>
      </Table.Td>
      <Table.Td>
        <CreatedCell apiKey={data} />
      </Table.Td>
      <Table.Td>
        <ExpiresCell apiKey={data} />
      </Table.Td>
      <Table.Td>
        <LastUsedCell apiKey={data} />
        <UsageSparkline apiKey={data} />
      </Table.Td>
      <Table.Td>
        <StatusCell apiKey={data} />
        <ReplacementNote apiKey={data} />
      </Table.Td>
      <Table.Td>
        <KeyActions apiKey={data} onRename={onRename} onRevoke={onRevoke} />
      </Table.Td>
    </Table.Tr>
  );
}
