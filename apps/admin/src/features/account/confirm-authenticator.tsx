import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import classes from "./account.module.css";
import { confirmSecondFactor } from "./account-requests.ts";
import { isAuthenticatorCode, keyOf } from "./authenticator-code.ts";
import { QrCode } from "./qr-code.tsx";
import { useAccountAction } from "./use-account-action.ts";

interface ConfirmAuthenticatorProps {
  readonly uri: string;
  readonly onKeep: () => void;
  readonly onConfirmed: () => void;
}

/** The key as a picture and as text, and a code that proves that it arrived. */
export function ConfirmAuthenticator({ uri, onKeep, onConfirmed }: ConfirmAuthenticatorProps) {
  const t = useTranslations("setUp");
  const tApp = useTranslations("app");
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState("");
  const [complaint, setComplaint] = useState<string | null>(null);
  const { run, isBusy, error } = useAccountAction();

  async function confirm(event: FormEvent): Promise<void> {
    event.preventDefault();
    setComplaint(isAuthenticatorCode(code) ? null : t("codeMissing"));
    if (!isAuthenticatorCode(code)) return;
    if ((await run(() => confirmSecondFactor(code))) !== null) onConfirmed();
    else field.current?.select();
  }

  return (
    <form onSubmit={(event) => void confirm(event)} noValidate>
      <Stack gap="md">
        <Text size="sm">{t("scan")}</Text>
        <QrCode label={t("qr")} text={uri} />
        <div>
          <Text size="sm" mb={4}>
            {t("byHand")}
          </Text>
          <code className={classes.key} role="group" aria-label={t("key")} tabIndex={0}>
            {keyOf(uri)}
          </code>
        </div>
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        <TextInput
          ref={field}
          label={t("code")}
          description={t("codeHelp")}
          error={complaint}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={12}
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" disabled={isBusy} onClick={onKeep}>
            {tApp("cancel")}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t("confirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
