import { Button, Checkbox, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useCopy } from "../../components/use-copy.ts";
import classes from "./account.module.css";

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly email: string;
  /** Somebody tried to leave before they said that they kept them. */
  readonly isReminded: boolean;
  readonly onClose: () => void;
}

/** The recovery codes, once. Nothing here may outlive the component. */
export function RecoveryCodes({ codes, email, isReminded, onClose }: RecoveryCodesProps) {
  const t = useTranslations("recoveryCodes");
  const list = useRef<HTMLUListElement>(null);
  const [isKept, setIsKept] = useState(false);
  const { outcome, copy } = useCopy();
  const isCopied = outcome === "copied";
  const Icon = isCopied ? IconCheck : IconCopy;
  return (
    <Stack gap="md">
      <Text size="sm">{t("once")}</Text>
      {/* In the tab order, so that it can be read and selected by keyboard. */}
      <ul ref={list} className={classes.codes} aria-label={t("list")} tabIndex={0}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div>
        <Group gap="sm">
          <Button
            variant="default"
            miw={120}
            // The form that had the focus is gone by now.
            autoFocus
            leftSection={<Icon size={16} aria-hidden="true" />}
            onClick={() => void copy(codes.join("\n"), list.current)}
          >
            {isCopied ? t("copied") : t("copy")}
          </Button>
          <DownloadButton codes={codes} email={email} />
        </Group>
        <div role="status">
          {isCopied ? <VisuallyHidden>{t("announcement")}</VisuallyHidden> : null}
          {outcome === "by-hand" ? (
            <Text size="sm" mt={6}>
              {t("byHand")}
            </Text>
          ) : null}
        </div>
      </div>
      <Checkbox
        label={t("kept")}
        checked={isKept}
        onChange={(event) => setIsKept(event.currentTarget.checked)}
        error={isReminded && !isKept ? t("keptFirst") : null}
      />
      <Group justify="flex-end">
        <Button disabled={!isKept} onClick={onClose}>
          {t("finish")}
        </Button>
      </Group>
    </Stack>
  );
}

function DownloadButton({ codes, email }: Pick<RecoveryCodesProps, "codes" | "email">) {
  const t = useTranslations("recoveryCodes");
  const download = () => {
    const heading = t("fileHeading", { email, origin: window.location.origin });
    const url = URL.createObjectURL(new Blob([`${heading}\n\n${codes.join("\n")}\n`], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = t("fileName");
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button variant="default" leftSection={<IconDownload size={16} aria-hidden="true" />} onClick={download}>
      {t("download")}
    </Button>
  );
}
