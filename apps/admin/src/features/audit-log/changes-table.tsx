import { useTranslations } from "use-intl";
import { useExactTime } from "../../components/exact-time.tsx";
import type { AuditEventItem_EventFragment } from "../../generated/graphql.ts";
import classes from "./audit-log.module.css";

type Change = AuditEventItem_EventFragment["changes"][number];

/** Ids that tell a reader nothing beside the names above. */
const IDS: ReadonlySet<string> = new Set(["userId"]);

/** Field by field, before and after; what has only an after was made new. */
export function ChangesTable({ changes }: { readonly changes: readonly Change[] }) {
  const t = useTranslations("auditLog");
  const tFields = useTranslations("auditFields");
  const text = useValueText();
  const shown = changes.filter(({ field }) => !IDS.has(field));
  if (shown.length === 0) return null;
  const hasBefore = shown.some(({ before }) => before !== null);
  return (
    <table className={classes.changes}>
      <thead>
        <tr>
          <th scope="col">{t("field")}</th>
          {hasBefore ? <th scope="col">{t("before")}</th> : null}
          <th scope="col">{hasBefore ? t("after") : t("value")}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{tFields.has(field as "name") ? tFields(field as "name") : field}</th>
            {hasBefore ? <td>{text(field, before)}</td> : null}
            <td>{text(field, after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useValueText(): (field: string, value: string | null) => string {
  const t = useTranslations("auditLog");
  const exact = useExactTime();
  return (field, value) => {
    if (value === null) return t("none");
    if (value === "true") return t("yes");
    if (value === "false") return t("no");
    return field === "expiresAt" ? exact(value) : value;
  };
}
