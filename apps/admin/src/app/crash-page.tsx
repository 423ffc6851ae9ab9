import { Button, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { PublicPage } from "../components/public-page.tsx";

/** A fault of ours. The error itself is not shown: it could name things nobody outside should read. */
export function CrashPage() {
  const t = useTranslations("crash");
  return (
    <PublicPage heading={t("title")}>
      <Text size="sm" role="alert">
        {t("body")}
      </Text>
      <Button onClick={() => window.location.reload()}>{t("reload")}</Button>
    </PublicPage>
  );
}
