import type { Account } from "@latchkey/types/account";
import { Button, Group, PasswordInput, Stack, TextInput, type MantineColor } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import type { Proof } from "./account-requests.ts";
import { isAuthenticatorCode } from "./authenticator-code.ts";
import { Username } from "./username.tsx";

interface ProofFormProps {
  /** Whoever has no password shows a code. */
  readonly account: Pick<Account, "email" | "hasPassword">;
  readonly submit: string;
  readonly keep: string;
  readonly color?: MantineColor;
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly onKeep: () => void;
  readonly onProof: (proof: Proof) => void;
}

/** That it is really oneself, before something about the account changes. */
export function ProofForm({
  account: { email, hasPassword },
  submit,
  keep,
  color,
  isBusy,
  error,
  onKeep,
  onProof,
}: ProofFormProps) {
  const t = useTranslations("confirmOneself");
  const [value, setValue] = useState("");
  const [complaint, setComplaint] = useState<string | null>(null);
  const prove = (event: FormEvent) => {
    event.preventDefault();
    if (hasPassword ? value === "" : !isAuthenticatorCode(value)) {
      setComplaint(t(hasPassword ? "passwordMissing" : "codeMissing"));
      return;
    }
    setComplaint(null);
    onProof(hasPassword ? { password: value } : { code: value });
  };
  const field = { value, error: complaint, autoFocus: true, "data-autofocus": true } as const;
  return (
    <form onSubmit={prove} noValidate>
      <Username email={email} />
      <Stack gap="md">
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        {hasPassword ? (
          <PasswordInput
            {...field}
            label={t("password")}
            name="password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ "aria-label": t("showPassword"), tabIndex: 0 }}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        ) : (
          <TextInput
            {...field}
            label={t("code")}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={12}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" disabled={isBusy} onClick={onKeep}>
            {keep}
          </Button>
          <Button type="submit" loading={isBusy} {...(color === undefined ? {} : { color })}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
