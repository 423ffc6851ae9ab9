import { Anchor, Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@latchkey/types/inputs/password";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import { PublicPage } from "../../components/public-page.tsx";
import { resetPassword, type AuthOutcome } from "../../session/auth-requests.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";

const route = getRouteApi("/reset-password");

export function ResetPasswordPage() {
  const t = useTranslations("resetPassword");
  const { token, error } = route.useSearch();
  const [isLinkInvalid, setIsLinkInvalid] = useState(token === undefined || error !== undefined);
  useDocumentTitle(t("title"));
  return (
    <PublicPage heading={t("heading")}>
      {isLinkInvalid || token === undefined ? (
        <InvalidLink />
      ) : (
        <ResetPasswordForm token={token} onInvalidLink={() => setIsLinkInvalid(true)} />
      )}
    </PublicPage>
  );
}

function InvalidLink() {
  const t = useTranslations("resetPassword");
  return (
    <Stack gap="sm">
      <Notice tone="negative" role="alert">
        {t("invalid")}
      </Notice>
      <Button component={Link} to="/forgot-password" fullWidth>
        {t("newLink")}
      </Button>
      <Anchor component={Link} to="/sign-in" size="sm">
        {t("toSignIn")}
      </Anchor>
    </Stack>
  );
}

interface ResetPasswordFormProps {
  readonly token: string;
  readonly onInvalidLink: () => void;
}

function ResetPasswordForm({ token, onInvalidLink }: ResetPasswordFormProps) {
  const t = useTranslations("resetPassword");
  const tFailures = useTranslations("failures");
  const navigate = useNavigate();
  const [failure, setFailure] = useState<Extract<AuthOutcome, { ok: false }>["failure"] | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isSubmitting = useRef(false);
  const form = useForm({
    initialValues: { password: "" },
    validate: {
      password: (password) => {
        if (password.length < MIN_PASSWORD_LENGTH) return t("tooShort", { min: String(MIN_PASSWORD_LENGTH) });
        return password.length > MAX_PASSWORD_LENGTH ? t("tooLong", { max: String(MAX_PASSWORD_LENGTH) }) : null;
      },
    },
  });

  async function submit({ password }: { password: string }) {
    if (isSubmitting.current) return;
    isSubmitting.current = true;
    setIsBusy(true);
    setFailure(null);
    const outcome = await resetPassword(token, password);
    isSubmitting.current = false;
    setIsBusy(false);
    if (outcome.ok) {
      await navigate({ to: "/sign-in", search: { notice: "password-set" }, replace: true });
    } else if (outcome.code === "INVALID_TOKEN") {
      onInvalidLink();
    } else if (outcome.code === "PASSWORD_TOO_SHORT" || outcome.code === "PASSWORD_TOO_LONG") {
      form.setFieldError(
        "password",
        outcome.code === "PASSWORD_TOO_SHORT"
          ? t("tooShort", { min: String(MIN_PASSWORD_LENGTH) })
          : t("tooLong", { max: String(MAX_PASSWORD_LENGTH) }),
      );
    } else {
      setFailure(outcome.failure);
    }
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="md">
        <Text size="sm">{t("intro")}</Text>
        {failure === null ? null : (
          <Notice tone="negative" role="alert">
            {tFailures(failure)}
          </Notice>
        )}
        <PasswordInput
          label={t("newPassword")}
          description={t("help", { min: String(MIN_PASSWORD_LENGTH) })}
          name="new-password"
          autoComplete="new-password"
          autoFocus
          key={form.key("password")}
          {...form.getInputProps("password")}
        />
        <Button type="submit" fullWidth loading={isBusy}>
          {t("submit")}
        </Button>
      </Stack>
    </form>
  );
}
