import { useEffect } from "react";
import { useTranslations } from "use-intl";

/** Names the page in the tab, the history and to screen readers. */
export function useDocumentTitle(page: string): void {
  const t = useTranslations("app");
  const title = t("documentTitle", { page });
  useEffect(() => {
    document.title = title;
  }, [title]);
}
