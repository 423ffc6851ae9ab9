import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import classes from "./shell.module.css";

/** A super_admin in a team that is not theirs must not forget where they are, nor that it is on record. */
export function VisitorBanner({ teamName }: { readonly teamName: string }) {
  const t = useTranslations("shell");
  return (
    <div className={classes.notice}>
      <Notice tone="warning" role="status">
        {t("visitor", { team: teamName })}
      </Notice>
    </div>
  );
}
