import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { Table } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import { ExactTime } from "../../components/exact-time.tsx";
import { MemberRow_MemberFragmentDoc, type MemberRow_MemberFragment } from "../../generated/graphql.ts";
import type { CurrentTeam } from "../../session/current-team.ts";
import { MemberActions, type MemberActionHandlers } from "./member-actions.tsx";
import { MemberName } from "./member-name.tsx";

interface MemberRowProps extends MemberActionHandlers {
  readonly member: FragmentType<MemberRow_MemberFragment>;
  readonly team: CurrentTeam;
}

export function MemberRow({ member, team, ...handlers }: MemberRowProps) {
  const tRoles = useTranslations("roles");
  const format = useFormatter();
  const { data, complete } = useFragment({
    fragment: MemberRow_MemberFragmentDoc,
    fragmentName: "MemberRow_member",
    from: member,
  });
  if (!complete) return null;
  return (
    <Table.Tr>
      <Table.Th scope="row" maw={320}>
        <MemberName member={data} viewerId={team.userId} />
      </Table.Th>
      <Table.Td>{tRoles(data.role)}</Table.Td>
      <Table.Td>
        <ExactTime instant={data.joinedAt}>
          {format.dateTime(new Date(data.joinedAt), { dateStyle: "medium" })}
        </ExactTime>
      </Table.Td>
      <Table.Td>{format.number(data.activeKeys)}</Table.Td>
      <Table.Td>
        <MemberActions member={data} team={team} {...handlers} />
      </Table.Td>
    </Table.Tr>
  );
}
