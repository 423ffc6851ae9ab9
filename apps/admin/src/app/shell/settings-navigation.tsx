import { IconKey } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import classes from "./settings-navigation.module.css";

/** Settings → Team → API Keys. */
export function SettingsNavigation({ onNavigate }: { readonly onNavigate: () => void }) {
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
          </ul>
        </li>
      </ul>
    </nav>
  );
}
