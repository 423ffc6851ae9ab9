import { useApolloClient } from "@apollo/client/react";
import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { CodeBlock } from "../../components/code-block.tsx";
import { Notice } from "../../components/notice.tsx";
import { PublicPage } from "../../components/public-page.tsx";
import { signIn } from "../../session/auth-requests.ts";
import { safeNext } from "../../session/safe-next.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { useSetup } from "../../session/use-setup.ts";
import { ProviderSignIn } from "./provider-sign-in.tsx";
import { ConfirmFirst } from "./confirm-first.tsx";
import { SecondStep } from "./second-step.tsx";
import { signInErrorKey, waitOf, type SignInErrorKey } from "./sign-in-error.ts";

const route = getRouteApi("/sign-in");
const NOTICES = { "session-ended": "sessionEnded", "password-set": "passwordSet", "signed-out": "signedOut" } as const;

export function SignInPage() {
  const t = useTranslations("signIn");
  const tProvider = useTranslations("providerSignIn");
  const { notice, error, step } = route.useSearch();
  const { needsFirstUser, signInProviders } = useSetup();
  useDocumentTitle(t("title"));
  if (step === "second-factor") return <SecondStep />;
  return (
    <PublicPage heading={t("heading")}>
      {notice === undefined ? null : (
        <Text size="sm" role="status">
          {t(NOTICES[notice])}
        </Text>
      )}
      {error === undefined ? null : (
        <Notice tone={error === "cancelled" ? "info" : "negative"} role="alert">
          {tProvider(error)}
        </Notice>
      )}
      {needsFirstUser ? <FirstUserNotice /> : null}
      <SignInForm />
      {signInProviders.length === 0 ? null : <ProviderSignIn providers={signInProviders} />}
    </PublicPage>
  );
}

function SignInForm() {
  const t = useTranslations("signIn");
  const { next } = route.useSearch();
  const router = useRouter();
  const client = useApolloClient();
  const [error, setError] = useState<RefusedSignIn | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isSubmitting = useRef(false);
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: {
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t("emailMissing")),
      password: (password) => (password === "" ? t("passwordMissing") : null),
    },
  });

  async function submit(values: { email: string; password: string }) {
    if (isSubmitting.current) return;
    isSubmitting.current = true;
    setIsBusy(true);
    setError(null);
    const outcome = await signIn(values.email.trim(), values.password);
    isSubmitting.current = false;
    if (!outcome.ok) {
      setIsBusy(false);
      setError({ error: signInErrorKey(outcome), retryAfterSeconds: outcome.retryAfterSeconds ?? null });
      return;
    }
    if (outcome.needsSecondStep) {
      await router.navigate({
        to: "/sign-in",
        search: { step: "second-factor", ...(next === undefined ? {} : { next }) },
      });
      return;
    }
    // Whatever the cache holds belongs to whoever was signed in before.
    await client.clearStore();
    router.history.replace(safeNext(next, window.location.origin));
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="md">
        {error === null ? null : <Refusal {...error} email={form.values.email.trim()} />}
        <TextInput
          label={t("email")}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          key={form.key("email")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={t("password")}
          name="password"
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": t("showPassword"), tabIndex: 0 }}
          key={form.key("password")}
          {...form.getInputProps("password")}
        />
        <Button type="submit" fullWidth loading={isBusy}>
          {t("submit")}
        </Button>
        <Anchor component={Link} to="/forgot-password" size="sm">
          {t("forgot")}
        </Anchor>
      </Stack>
    </form>
  );
}

interface RefusedSignIn {
  readonly error: SignInErrorKey;
  readonly retryAfterSeconds: number | null;
}

function Refusal({ error, retryAfterSeconds, email }: RefusedSignIn & { readonly email: string }) {
  const t = useTranslations("signIn");
  if (error === "notConfirmed") return <ConfirmFirst email={email} />;
  const isTimeKnown = error === "tooMany" && retryAfterSeconds !== null;
  return (
    <Notice tone="negative" role="alert">
      {isTimeKnown ? t("tooManyUntil", waitOf(retryAfterSeconds)) : t(error)}
    </Notice>
  );
}

/** A server with an empty database cannot let anybody in: say how the first person is made. */
function FirstUserNotice() {
  const t = useTranslations("signIn");
  return (
    <Stack gap="xs">
      <Text fw={600} size="sm">
        {t("firstUserTitle")}
      </Text>
      <Text size="sm">{t("firstUser")}</Text>
      <CodeBlock label={t("firstUserTitle")}>{'pnpm user:create you@example.com --team "Your team"'}</CodeBlock>
    </Stack>
  );
}
