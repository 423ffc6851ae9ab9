import type { FragmentType } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import { useFormatter, useTranslations } from "use-intl";
import cardClasses from "../../components/card.module.css";
import { ExactTime } from "../../components/exact-time.tsx";
import { MemberCard_MemberFragmentDoc, type MemberCard_MemberFragment } from "../../generated/graphql.ts";
import type { CurrentTeam } from "../../session/current-team.ts";
import { MemberActions, type MemberActionHandlers } from "./member-actions.tsx";
import { MemberName } from "./member-name.tsx";

interface MemberCardProps extends MemberActionHandlers {
  readonly member: FragmentType<MemberCard_MemberFragment>;
  readonly team: CurrentTeam;
}

/** A row of the list where the window is too narrow for a table. */
export function MemberCard({ member, team, ...handlers }: MemberCardProps) {
  const t = useTranslations("members");
  const tRoles = useTranslations("roles");
  const format = useFormatter();
  const { data, complete } = useFragment({
    fragment: MemberCard_MemberFragmentDoc,
    fragmentName: "MemberCard_member",
    from: member,
  });
  if (!complete) return null;
  return (
    <li className={cardClasses.card}>
      <MemberName member={data} viewerId={team.userId} />
      <dl className={cardClasses.facts}>
        <dt>{t("role")}</dt>
        <dd>{tRoles(data.role)}</dd>
        <dt>{t("joined")}</dt>
        <dd>
          <ExactTime instant={data.joinedAt}>
            {format.dateTime(new Date(data.joinedAt), { dateStyle: "medium" })}
          </ExactTime>
        </dd>
        <dt>{t("activeKeys")}</dt>
        <dd>{format.number(data.activeKeys)}</dd>
      </dl>
      <MemberActions member={data} team={team} {...handlers} />
    </li>
  );
}
