import { Button, Divider, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { signUpInput } from "@latchkey/types/inputs/people";
import { MIN_PASSWORD_LENGTH } from "@latchkey/types/inputs/password";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import { ProviderButtons } from "../../components/provider-buttons.tsx";
import { signIn, signUpInvited, type SignInOutcome } from "../../session/auth-requests.ts";
import { useProviderSignIn } from "../../session/use-provider-sign-in.ts";
import { useSetup } from "../../session/use-setup.ts";
import { signUpErrorKey, type SignUpErrorKey } from "./sign-up-error.ts";

interface SignedOutInvitationProps {
  readonly token: string;
  readonly onSignedIn: () => void;
}

/** Somebody followed the link without being signed in: with an account, or to make one for the invited address. */
export function SignedOutInvitation({ token, onSignedIn }: SignedOutInvitationProps) {
  const t = useTranslations("acceptInvitation");
  const tProvider = useTranslations("providerSignIn");
  const navigate = useNavigate();
  const { signInProviders } = useSetup();
  const here = `/accept-invitation/${encodeURIComponent(token)}`;
  const { choose, busyWith, error } = useProviderSignIn({ next: here, invitation: token });
  return (
    <Stack gap="md">
      <Text size="sm">{t("signedOut")}</Text>
      <Button fullWidth onClick={() => void navigate({ to: "/sign-in", search: { next: here } })}>
        {t("signIn")}
      </Button>
      {error === null ? null : (
        <Notice tone="negative" role="alert">
          {tProvider(error)}
        </Notice>
      )}
      <ProviderButtons providers={signInProviders} busyWith={busyWith} onChoose={choose} />
      <Divider label={t("orSignUp")} />
      <SignUpForm token={token} onSignedIn={onSignedIn} />
    </Stack>
  );
}

function SignUpForm({ token, onSignedIn }: SignedOutInvitationProps) {
  const t = useTranslations("signUp");
  const tSignIn = useTranslations("signIn");
  const { form, submit, isBusy, error } = useSignUp(token, onSignedIn);
  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="md">
        {error === null ? null : (
          <Notice tone={error === "notConfirmed" ? "info" : "negative"} role="alert">
            {t(error)}
          </Notice>
        )}
        <TextInput
          label={t("email")}
          description={t("emailHelp")}
          type="email"
          autoComplete="username"
          {...form.getInputProps("email")}
        />
        <TextInput label={t("name")} autoComplete="name" {...form.getInputProps("name")} />
        <PasswordInput
          label={t("password")}
          description={t("passwordHelp", { min: String(MIN_PASSWORD_LENGTH) })}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": tSignIn("showPassword"), tabIndex: 0 }}
          {...form.getInputProps("password")}
        />
        <Button type="submit" variant="default" fullWidth loading={isBusy}>
          {t("submit")}
        </Button>
      </Stack>
    </form>
  );
}

function useSignUp(token: string, onSignedIn: () => void) {
  const [error, setError] = useState<SignUpErrorKey | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isSubmitting = useRef(false);
  const navigate = useNavigate();
  const toSecondStep = () =>
    navigate({ to: "/sign-in", search: { step: "second-factor", next: `/accept-invitation/${token}` } });
  const form = useForm({
    initialValues: { email: "", name: "", password: "" },
    validate: schemaResolver(signUpInput, { sync: true }),
  });
  async function submit(values: { email: string; name: string; password: string }): Promise<void> {
    if (isSubmitting.current) return;
    isSubmitting.current = true;
    setIsBusy(true);
    setError(null);
    const made = await signUpInvited(token, { ...values, email: values.email.trim() });
    // An address that has an account is answered like one that has none: only signing in tells them apart.
    const outcome: SignInOutcome = made.ok ? await signIn(values.email.trim(), values.password) : made;
    isSubmitting.current = false;
    setIsBusy(false);
    if (!outcome.ok) setError(signUpErrorKey(outcome, made.ok));
    else if (outcome.needsSecondStep) await toSecondStep();
    else onSignedIn();
  }
  return { form, submit, isBusy, error };
}
