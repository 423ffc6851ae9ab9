import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { CodeBlock } from "../../components/code-block.tsx";
import { CopyField } from "../../components/copy-field.tsx";
import { Notice } from "../../components/notice.tsx";
import classes from "./key-reveal.module.css";

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
      <CopyField label={t("key")} text={secret} />
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
