import { Button } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { StatePanel } from "../../components/state-panel.tsx";

interface NoTeamProps {
  readonly email: string | null;
  readonly isSuperAdmin: boolean;
}

/** Signed in, but a member of nothing: say who can change that. */
export function NoTeam({ email, isSuperAdmin }: NoTeamProps) {
  const t = useTranslations("noTeam");
  return (
    <StatePanel
      isPage
      icon={<IconUsers size={24} />}
      title={t("title")}
      action={
        isSuperAdmin ? (
          <Button component={Link} to="/backoffice">
            {t("backoffice")}
          </Button>
        ) : (
          <Button component={Link} to="/teams/new">
            {t("create")}
          </Button>
        )
      }
    >
      {isSuperAdmin ? t("superAdmin") : t("body", { email: email ?? "" })}
    </StatePanel>
  );
}
