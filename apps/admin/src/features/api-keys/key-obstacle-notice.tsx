import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import type { KeyObstacle } from "./key-allowance.ts";

interface KeyObstacleNoticeProps {
  readonly obstacle: KeyObstacle;
  /** In a dialog it answers what somebody just tried, and its link must not take away what they typed. */
  readonly isInDialog?: boolean;
}

/** Why no key can be made now, and where to go from here. Shown to people who may make keys, so they may see billing. */
export function KeyObstacleNotice({ obstacle, isInDialog = false }: KeyObstacleNoticeProps) {
  const t = useTranslations("keyObstacle");
  const { active, limit } = obstacle.kind === "canceled" ? { active: 0, limit: 0 } : obstacle;
  return (
    <Notice
      tone={isInDialog || obstacle.kind === "canceled" ? "negative" : "warning"}
      role={isInDialog ? "alert" : "status"}
      title={t(`${obstacle.kind}Title`, { active, limit })}
    >
      {t(obstacle.kind)}{" "}
      <Anchor
        component={Link}
        to="/settings/team/billing"
        inherit
        underline="always"
        {...(isInDialog ? { target: "_blank" } : {})}
      >
        {t(isInDialog ? "billingNewTab" : "billing")}
      </Anchor>
    </Notice>
  );
}
