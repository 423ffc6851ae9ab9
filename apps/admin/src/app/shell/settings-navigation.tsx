import { IconCreditCard, IconHistory, IconKey, IconUsers } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import classes from "./settings-navigation.module.css";

interface SettingsNavigationProps {
  readonly permissions: readonly string[];
  readonly onNavigate: () => void;
}

/** Settings → Team → API Keys, Members, Billing, Audit log: what the viewer may see. */
export function SettingsNavigation({ permissions, onNavigate }: SettingsNavigationProps) {
  const t = useTranslations("shell");
  return (
    <nav className={classes.navigation} aria-label={t("navigation")}>
      <p className={classes.section}>{t("settings")}</p>
      <ul className={classes.groups}>
        <li>
          <span className={classes.group}>{t("team")}</span>
          <ul className={classes.links}>
            <li>
              <Link to="/settings/team/api-keys" className={classes.link} onClick={onNavigate}>
                <IconKey size={18} stroke={1.75} aria-hidden="true" />
                {t("apiKeys")}
              </Link>
            </li>
            {permissions.includes("members:read") ? (
              <li>
                <Link to="/settings/team/members" className={classes.link} onClick={onNavigate}>
                  <IconUsers size={18} stroke={1.75} aria-hidden="true" />
                  {t("members")}
                </Link>
              </li>
            ) : null}
            {permissions.includes("billing:read") ? (
              <li>
                <Link to="/settings/team/billing" className={classes.link} onClick={onNavigate}>
                  <IconCreditCard size={18} stroke={1.75} aria-hidden="true" />
                  {t("billing")}
                </Link>
              </li>
            ) : null}
            {permissions.includes("audit_log:read") ? (
              <li>
                <Link to="/settings/team/audit-log" className={classes.link} onClick={onNavigate}>
                  <IconHistory size={18} stroke={1.75} aria-hidden="true" />
                  {t("auditLog")}
                </Link>
              </li>
            ) : null}
          </ul>
        </li>
      </ul>
    </nav>
  );
}
