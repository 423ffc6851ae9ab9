import { Anchor, Center, Loader, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { CodeBlock } from "../../components/code-block.tsx";
import { MailedLinkForm } from "../../components/mailed-link-form.tsx";
import { PublicPage } from "../../components/public-page.tsx";
import { requestPasswordReset } from "../../session/mailed-links.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { useSetup } from "../../session/use-setup.ts";

/** Where a lost password is replaced: by a link in a mail, or by whoever runs the server. */
export function ForgotPasswordPage() {
  const t = useTranslations("forgotPassword");
  useDocumentTitle(t("title"));
  return (
    <PublicPage heading={t("heading")}>
      <WayToLink />
    </PublicPage>
  );
}

function WayToLink() {
  const t = useTranslations("forgotPassword");
  const tLink = useTranslations("mailedLink");
  const tApp = useTranslations("app");
  const { mail } = useSetup();
  if (mail === null) {
    return (
      <Center mih={120}>
        <Loader aria-label={tApp("loading")} role="status" />
      </Center>
    );
  }
  if (mail === "none") return <AskOperator />;
  return (
    <MailedLinkForm
      intro={t("intro")}
      submit={t("submit")}
      request={requestPasswordReset}
      sent={(email) => (
        <>
          <Text size="sm">{t.rich("sent", { email, b: (chunks) => <b>{chunks}</b> })}</Text>
          <Text size="sm" c="dimmed">
            {mail === "printed" ? tLink("printed") : t("nothing")}
          </Text>
        </>
      )}
    />
  );
}

function AskOperator() {
  const t = useTranslations("forgotPassword");
  const tLink = useTranslations("mailedLink");
  return (
    <Stack gap="md">
      <Text size="sm">{t("noMail")}</Text>
      <Stack gap="xs">
        <Text size="sm">{t("command")}</Text>
        <CodeBlock label={t("command")}>pnpm user:link you@example.com</CodeBlock>
      </Stack>
      <Anchor component={Link} to="/sign-in" size="sm">
        {tLink("toSignIn")}
      </Anchor>
    </Stack>
  );
}
