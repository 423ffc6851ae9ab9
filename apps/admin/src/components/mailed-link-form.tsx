import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";
import { useRef, useState, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { MailedLinkOutcome } from "../session/mailed-links.ts";
import { Notice } from "./notice.tsx";

interface MailedLinkFormProps {
  readonly intro: ReactNode;
  readonly submit: string;
  readonly request: (email: string) => Promise<MailedLinkOutcome>;
  /** What is said afterwards, whether the address has an account or not. */
  readonly sent: (email: string) => ReactNode;
}

/** Asks for an address, has a link mailed to it, and says so. */
export function MailedLinkForm({ intro, submit, request, sent }: MailedLinkFormProps) {
  const t = useTranslations("mailedLink");
  const [sentTo, setSentTo] = useState<string | null>(null);
  return (
    <Stack gap="md">
      {sentTo === null ? (
        <AddressForm intro={intro} submit={submit} request={request} onSent={setSentTo} />
      ) : (
        <>
          <div role="status">
            <Stack gap="sm">{sent(sentTo)}</Stack>
          </div>
          <Button variant="default" fullWidth autoFocus onClick={() => setSentTo(null)}>
            {t("another")}
          </Button>
        </>
      )}
      <Anchor component={Link} to="/sign-in" size="sm">
        {t("toSignIn")}
      </Anchor>
    </Stack>
  );
}

interface AddressFormProps extends Pick<MailedLinkFormProps, "intro" | "submit" | "request"> {
  readonly onSent: (email: string) => void;
}

function AddressForm({ intro, submit: submitLabel, request, onSent }: AddressFormProps) {
  const t = useTranslations("mailedLink");
  const [failure, setFailure] = useState<Exclude<MailedLinkOutcome, "done"> | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isSubmitting = useRef(false);
  const form = useForm({
    initialValues: { email: "" },
    validate: { email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t("emailMissing")) },
  });

  async function submit({ email }: { email: string }): Promise<void> {
    if (isSubmitting.current) return;
    isSubmitting.current = true;
    setIsBusy(true);
    setFailure(null);
    const outcome = await request(email.trim());
    isSubmitting.current = false;
    setIsBusy(false);
    if (outcome === "done") onSent(email.trim());
    else setFailure(outcome);
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="md">
        <Text size="sm">{intro}</Text>
        {failure === null ? null : (
          <Notice tone="negative" role="alert">
            {t(failure)}
          </Notice>
        )}
        <TextInput
          label={t("email")}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps("email")}
        />
        <Button type="submit" fullWidth loading={isBusy}>
          {submitLabel}
        </Button>
      </Stack>
    </form>
  );
}
