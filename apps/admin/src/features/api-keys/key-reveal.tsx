import { Button, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { CodeBlock } from "../../components/code-block.tsx";
import { Notice } from "../../components/notice.tsx";
import classes from "./key-reveal.module.css";
import { useCopy } from "./use-copy.ts";

interface KeyRevealProps {
  readonly secret: string;
  readonly isAskingToClose: boolean;
  readonly onAsk: () => void;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** The key, once. Nothing here may outlive the component: no timer, listener or store holds what it was given. */
export function KeyReveal({ secret, isAskingToClose, onAsk, onBack, onClose }: KeyRevealProps) {
  const t = useTranslations("keyReveal");
  if (isAskingToClose) return <SavedQuestion onBack={onBack} onClose={onClose} />;
  const curl = `curl ${window.location.origin}/api/v1/auth/me \\\n  -H "x-api-key: ${secret}"`;
  return (
    <Stack gap="lg">
      <Text size="sm">{t("once")}</Text>
      <SecretField secret={secret} />
      <dl className={classes.notes} aria-label={t("notes")}>
        <div>
          <dt>{t("doTitle")}</dt>
          <dd>{t("doText")}</dd>
        </div>
        <div>
          <dt>{t("dontTitle")}</dt>
          <dd>{t("dontText")}</dd>
        </div>
      </dl>
      <div>
        <Text size="sm" fw={600}>
          {t("tryIt")}
        </Text>
        <Text size="sm" c="dimmed" mb={6}>
          {t("tryHelp")}
        </Text>
        <CodeBlock label={t("tryIt")}>{curl}</CodeBlock>
      </div>
      <Group justify="flex-end">
        <Button onClick={onAsk}>{t("done")}</Button>
      </Group>
    </Stack>
  );
}

function SecretField({ secret }: { readonly secret: string }) {
  const t = useTranslations("keyReveal");
  const field = useRef<HTMLDivElement>(null);
  const { outcome, copy } = useCopy();
  return (
    <div>
      <div className={classes.secretRow}>
        <div
          ref={field}
          className={classes.secret}
          role="textbox"
          aria-readonly="true"
          aria-label={t("key")}
          tabIndex={0}
          spellCheck={false}
        >
          {secret}
        </div>
        <Button
          // The form that had the focus is gone by now: without this a keyboard would have to start over.
          autoFocus
          miw={112}
          leftSection={
            outcome === "copied" ? (
              <IconCheck size={16} aria-hidden="true" />
            ) : (
              <IconCopy size={16} aria-hidden="true" />
            )
          }
          onClick={() => void copy(secret, field.current)}
        >
          {outcome === "copied" ? t("copied") : t("copy")}
        </Button>
      </div>
      <div role="status">
        {outcome === "copied" ? <VisuallyHidden>{t("copiedAnnouncement")}</VisuallyHidden> : null}
        {outcome === "by-hand" ? (
          <Text size="sm" mt={6}>
            {t("copyByHand")}
          </Text>
        ) : null}
      </div>
    </div>
  );
}

function SavedQuestion({ onBack, onClose }: Pick<KeyRevealProps, "onBack" | "onClose">) {
  const t = useTranslations("keyReveal");
  return (
    <Stack gap="lg">
      <Notice tone="warning" role="alert" title={t("askTitle")}>
        {t("ask")}
      </Notice>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onBack}>
          {t("back")}
        </Button>
        <Button onClick={onClose} autoFocus>
          {t("saved")}
        </Button>
      </Group>
    </Stack>
  );
}
