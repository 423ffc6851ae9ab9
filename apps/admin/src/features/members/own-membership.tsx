import { Button, Group } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import type { RefObject } from "react";
import { useTranslations } from "use-intl";
import { PageHeading } from "../../components/page-heading.tsx";
import { StatePanel } from "../../components/state-panel.tsx";
import type { CurrentTeam } from "../../session/current-team.ts";

interface OwnMembershipProps {
  readonly team: CurrentTeam;
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly onLeave: () => void;
}

/** The page of whoever may not see the members: who can help, and the way out. */
export function OwnMembership({ team, heading, onLeave }: OwnMembershipProps) {
  const t = useTranslations("membership");
  const tMembers = useTranslations("members");
  const tRoles = useTranslations("roles");
  return (
    <>
      <Group>
        <PageHeading title={tMembers("title")} intro={tMembers("intro")} headingRef={heading} />
      </Group>
      <StatePanel
        icon={<IconUsers size={24} />}
        title={t("title")}
        action={
          team.isMember ? (
            <Button variant="default" onClick={onLeave}>
              {t("leave")}
            </Button>
          ) : null
        }
      >
        {t("body", { team: team.name, role: tRoles(team.role) })}
      </StatePanel>
    </>
  );
}
