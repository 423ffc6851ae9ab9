import { useApolloClient } from "@apollo/client/react";
import { Anchor, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import { PublicPage } from "../../components/public-page.tsx";
import { passSecondStep } from "../../session/auth-requests.ts";
import { safeNext } from "../../session/safe-next.ts";
import { secondStepErrorKey, type SecondStepErrorKey } from "./second-step-error.ts";

const route = getRouteApi("/sign-in");
type Method = "code" | "recovery";

/** The password was right: the code of the authenticator, or one of the recovery codes. */
export function SecondStep() {
  const t = useTranslations("secondStep");
  const { next } = route.useSearch();
  const [method, setMethod] = useState<Method>("code");
  return (
    <PublicPage heading={t("heading")}>
      <Text size="sm">{t(method === "code" ? "intro" : "introRecovery")}</Text>
      {/* Another way to answer begins with an empty field. */}
      <CodeForm key={method} method={method} />
      <Group justify="space-between" gap="xs">
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => setMethod(method === "code" ? "recovery" : "code")}
        >
          {t(method === "code" ? "useRecovery" : "useCode")}
        </Anchor>
        <Anchor
          size="sm"
          renderRoot={(props) => <Link {...props} to="/sign-in" search={next === undefined ? {} : { next }} />}
        >
          {t("startOver")}
        </Anchor>
      </Group>
    </PublicPage>
  );
}

function CodeForm({ method }: { readonly method: Method }) {
  const t = useTranslations("secondStep");
  const field = useRef<HTMLInputElement>(null);
  const { code, setCode, error, isBusy, submit } = useSecondStep(method, field);
  const isCode = method === "code";
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {t(`errors.${error}`)}
          </Notice>
        )}
        <TextInput
          ref={field}
          label={t(isCode ? "code" : "recoveryCode")}
          description={t(isCode ? "codeHelp" : "recoveryHelp")}
          name={isCode ? "code" : "recovery-code"}
          inputMode={isCode ? "numeric" : "text"}
          autoComplete={isCode ? "one-time-code" : "off"}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={isCode ? 12 : 24}
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth loading={isBusy}>
          {t("submit")}
        </Button>
      </Stack>
    </form>
  );
}

const SHAPES: Readonly<Record<Method, RegExp>> = { code: /^[0-9]{6}$/, recovery: /^[a-z0-9]{10}$/i };

function useSecondStep(method: Method, field: { readonly current: HTMLInputElement | null }) {
  const { next } = route.useSearch();
  const router = useRouter();
  const client = useApolloClient();
  const [code, setCode] = useState("");
  const [error, setError] = useState<SecondStepErrorKey | "malformedCode" | "malformedRecoveryCode" | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isSubmitting = useRef(false);

  const refuse = (reason: NonNullable<typeof error>) => {
    setError(reason);
    field.current?.focus();
    field.current?.select();
  };

  async function send(): Promise<void> {
    setIsBusy(true);
    setError(null);
    const outcome = await passSecondStep(method, code);
    setIsBusy(false);
    if (!outcome.ok) {
      refuse(secondStepErrorKey(outcome));
      return;
    }
    // Whatever the cache holds belongs to whoever was signed in before.
    await client.clearStore();
    router.history.replace(safeNext(next, window.location.origin));
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSubmitting.current) return;
    if (!SHAPES[method].test(code.replaceAll(/[\s-]/g, ""))) {
      refuse(method === "code" ? "malformedCode" : "malformedRecoveryCode");
      return;
    }
    isSubmitting.current = true;
    await send();
    isSubmitting.current = false;
  }
  return { code, setCode, error, isBusy, submit: (event: FormEvent) => void submit(event) };
}
