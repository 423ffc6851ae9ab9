import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { PublicPage } from "../components/public-page.tsx";
import { useDocumentTitle } from "../session/use-document-title.ts";

export function NotFoundPage() {
  const t = useTranslations("notFound");
  useDocumentTitle(t("title"));
  return (
    <PublicPage heading={t("title")}>
      <Text size="sm">{t("body")}</Text>
      <Anchor component={Link} to="/settings/team/api-keys" size="sm">
        {t("back")}
      </Anchor>
    </PublicPage>
  );
}
