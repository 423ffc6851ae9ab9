import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@latchkey/types/inputs/password";
import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { useNotify } from "../../components/use-notify.ts";
import { changePassword } from "./account-requests.ts";
import { useAccountAction } from "./use-account-action.ts";
import { Username } from "./username.tsx";

interface Values {
  readonly current: string;
  readonly next: string;
}

interface PasswordDialogProps {
  readonly email: string;
  readonly onClose: () => void;
}

export function PasswordDialog({ email, onClose }: PasswordDialogProps) {
  const t = useTranslations("password");
  const { run, isBusy, error } = useAccountAction();
  const notify = useNotify();
  async function change({ current, next }: Values): Promise<void> {
    if ((await run(() => changePassword(current, next))) === null) return;
    notify(t("done"));
    onClose();
  }
  const close = () => (isBusy ? undefined : onClose());
  return (
    <Dialog title={t("change")} onClose={close} closesOnClickOutside={false}>
      <PasswordForm
        email={email}
        isBusy={isBusy}
        error={error}
        onCancel={close}
        onSubmit={(values) => void change(values)}
      />
    </Dialog>
  );
}

interface PasswordFormProps {
  readonly email: string;
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly onCancel: () => void;
  readonly onSubmit: (values: Values) => void;
}

function PasswordForm({ email, isBusy, error, onCancel, onSubmit }: PasswordFormProps) {
  const t = useTranslations("password");
  const tApp = useTranslations("app");
  const form = useForm<Values>({
    initialValues: { current: "", next: "" },
    validate: {
      current: (current) => (current === "" ? t("missing") : null),
      next: (next, { current }) => {
        if (next.length < MIN_PASSWORD_LENGTH) return t("tooShort", { min: String(MIN_PASSWORD_LENGTH) });
        if (next.length > MAX_PASSWORD_LENGTH) return t("tooLong", { max: String(MAX_PASSWORD_LENGTH) });
        return next === current ? t("same") : null;
      },
    },
  });
  const toggle = { "aria-label": t("show"), tabIndex: 0 };
  return (
    <form onSubmit={form.onSubmit(onSubmit)} noValidate>
      <Username email={email} />
      <Stack gap="md">
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        <PasswordInput
          label={t("current")}
          name="current-password"
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={toggle}
          key={form.key("current")}
          {...form.getInputProps("current")}
        />
        <PasswordInput
          label={t("next")}
          description={t("help", { min: String(MIN_PASSWORD_LENGTH) })}
          name="new-password"
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          key={form.key("next")}
          {...form.getInputProps("next")}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" disabled={isBusy} onClick={onCancel}>
            {tApp("cancel")}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t("submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
