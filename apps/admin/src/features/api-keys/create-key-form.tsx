import { useQuery } from "@apollo/client/react";
import { Anchor, Button, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { createApiKeyInput, MAX_EXPIRY_DAYS } from "@latchkey/types/inputs/api-keys";
import { useEffect, useRef } from "react";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { Notice } from "../../components/notice.tsx";
import { CreateDialogDocument } from "../../generated/graphql.ts";
import { requestFailure } from "../../graphql/request-failure.ts";
import {
  createKeyInput,
  expiryDate,
  expiryDays,
  type CreateKeyFormApi,
  type CreateKeyValues,
  type Replacement,
} from "./create-key-input.ts";
import classes from "./create-key-form.module.css";
import { KeyObstacleNotice } from "./key-obstacle-notice.tsx";
import { LostKeyQuestion } from "./lost-key-question.tsx";
import { PermissionPicker } from "./permission-picker.tsx";
import { ReplacementIntro } from "./replace/replacement-intro.tsx";
import { useCreateKey, type CreationFailure } from "./use-create-key.ts";

interface CreateKeyFormProps {
  readonly teamId: string;
  readonly replacement: Replacement | undefined;
  readonly onBusy: (isBusy: boolean) => void;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
  readonly onCreated: (secret: string) => void;
}

const FIELDS = ["name", "permissions", "expiresInDays"] as const;
const validateInput = schemaResolver(createApiKeyInput, { sync: true });

export function CreateKeyForm({ teamId, replacement, onBusy, onDirty, onCancel, onCreated }: CreateKeyFormProps) {
  const t = useTranslations("createKey");
  const tApp = useTranslations("app");
  const form: CreateKeyFormApi = useForm<CreateKeyValues>({
    initialValues: replacement?.values ?? { name: "", permissions: [], expiresInDays: "" },
    validate: (values) => validateInput(createKeyInput(teamId, values, replacement?.id)),
  });
  const { create, replace, lost, isBusy, error, isUnknown } = useCreateKey({
    teamId,
    form,
    replacesId: replacement?.id,
    onCreated,
  });
  const isDirty = form.isDirty();
  useEffect(() => onBusy(isBusy), [isBusy, onBusy]);
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);

  if (lost !== null) {
    return (
      <LostKeyQuestion
        apiKey={lost}
        isBusy={isBusy}
        error={error?.text ?? null}
        isUnknown={isUnknown}
        onReplace={() => void replace(lost)}
        onLeave={onCancel}
      />
    );
  }
  return (
    <form onSubmit={form.onSubmit(create, (errors) => focusFirstInvalid(form, errors))} noValidate autoComplete="off">
      <Stack gap="lg">
        {replacement === undefined ? null : <ReplacementIntro replacement={replacement} />}
        <TextInput
          label={t("name")}
          description={t("nameHelp")}
          required
          withAsterisk={false}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <PermissionsField teamId={teamId} form={form} />
        <ExpiryField form={form} />
        {error === null ? null : <CreationFailed failure={error} onShowReplacement={replacement?.onShow} />}
        <Group justify="flex-end" gap="sm" className={classes.footer}>
          <Button variant="default" onClick={onCancel} disabled={isBusy}>
            {tApp("cancel")}
          </Button>
          <Button type="submit" loading={isBusy}>
            {isUnknown ? tApp("tryAgain") : t("submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface CreationFailedProps {
  readonly failure: CreationFailure;
  readonly onShowReplacement: (() => void) | undefined;
}

function CreationFailed({ failure: { text, obstacle, isReplaced }, onShowReplacement }: CreationFailedProps) {
  const t = useTranslations("replaceKey");
  const place = useRef<HTMLDivElement>(null);
  // The form is longer than most windows, and its buttons stick to the end of them.
  useEffect(() => {
    // Some browsers return a promise, which an effect must not.
    place.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div ref={place} className={classes.failure}>
      {obstacle === null ? (
        <Notice tone="negative" role="alert">
          {text}{" "}
          {isReplaced && onShowReplacement !== undefined ? (
            <Anchor component="button" type="button" inherit underline="always" onClick={onShowReplacement}>
              {t("show")}
            </Anchor>
          ) : null}
        </Notice>
      ) : (
        <KeyObstacleNotice obstacle={obstacle} isInDialog />
      )}
    </div>
  );
}

function PermissionsField({ teamId, form }: { readonly teamId: string; readonly form: CreateKeyFormApi }) {
  const { data, error, refetch } = useQuery(CreateDialogDocument, {
    variables: { teamId },
    // A role may have changed since the dialog was last open.
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
  });
  if (data === undefined) {
    if (error === undefined) return <Skeleton height={280} radius="sm" />;
    return <FailurePanel failure={requestFailure(error)} onRetry={() => void refetch().catch(() => undefined)} />;
  }
  return (
    <PermissionPicker
      permissions={data.permissions}
      chosen={form.values.permissions}
      error={permissionsError(form)}
      onChange={(permissions) => {
        form.setFieldValue("permissions", permissions);
        form.clearErrors();
      }}
    />
  );
}

function ExpiryField({ form }: { readonly form: CreateKeyFormApi }) {
  const t = useTranslations("createKey");
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  const text = form.values.expiresInDays;
  const date = expiryDate(text, now);
  return (
    <div>
      <TextInput
        label={t("expiry")}
        description={t("expiryHelp", { max: MAX_EXPIRY_DAYS })}
        inputMode="numeric"
        classNames={{ wrapper: classes.days ?? "" }}
        {...form.getInputProps("expiresInDays")}
      />
      <Text size="sm" mt={6} c="dimmed" aria-live="polite" mih={22}>
        {date === null
          ? null
          : t("expiresOn", { date: format.dateTime(date, { dateStyle: "long", timeStyle: "short" }) })}
        {expiryDays(text) === undefined ? t("expiresNever") : null}
      </Text>
    </div>
  );
}

/** The schema complains about one entry as `permissions.2`, the form shows it beside the whole choice. */
function permissionsError(form: CreateKeyFormApi): string | null {
  const entry = Object.entries(form.errors).find(([path]) => path === "permissions" || path.startsWith("permissions."));
  return typeof entry?.[1] === "string" ? entry[1] : null;
}

function focusFirstInvalid(form: CreateKeyFormApi, errors: Readonly<Record<string, unknown>>): void {
  const field = FIELDS.find((name) => Object.keys(errors).some((path) => path === name || path.startsWith(`${name}.`)));
  if (field === undefined) return;
  if (field === "permissions") document.getElementById("permissions-field")?.querySelector("input")?.focus();
  else form.getInputNode(field)?.focus();
}
