import { Button, Group, Text } from "@mantine/core";
import type { ExportFormat } from "@latchkey/types/export-formats";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useNotify } from "../../components/use-notify.ts";
import { failureOfStatus, requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";

const FORMATS = [
  ["csv", "text/csv"],
  ["ndjson", "application/x-ndjson"],
] as const satisfies readonly (readonly [ExportFormat, string])[];

interface ExportButtonsProps {
  /** Of the list under its filters. */
  readonly address: string;
  /** Without its ending. */
  readonly filename: string;
}

/** The whole list under its filters, as a file. The server writes into the log that it was taken. */
export function ExportButtons({ address, filename }: ExportButtonsProps) {
  const t = useTranslations("auditLog");
  const tFailures = useTranslations("failures");
  const notify = useNotify();
  const [busy, setBusy] = useState<ExportFormat | null>(null);

  async function take(format: ExportFormat, accept: string): Promise<void> {
    setBusy(format);
    try {
      const response = await fetch(address, { headers: { accept }, credentials: "same-origin" });
      if (!response.ok) return fail(failureOfStatus(response.status));
      save(await response.blob(), `${filename}.${format}`);
    } catch (error) {
      fail(requestFailure(error));
    } finally {
      setBusy(null);
    }
  }
  const fail = (failure: RequestFailure) => notify(t("exportFailed", { reason: tFailures(failure) }), "negative");

  return (
    <Group gap="xs" role="group" aria-label={t("export")}>
      <Text size="sm" c="dimmed">
        {t("export")}
      </Text>
      {FORMATS.map(([format, accept]) => (
        <Button
          key={format}
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={14} aria-hidden="true" />}
          loading={busy === format}
          disabled={busy !== null}
          aria-label={t("exportAs", { format: t(format) })}
          onClick={() => void take(format, accept)}
        >
          {t(format)}
        </Button>
      ))}
    </Group>
  );
}

/** The browser asks where to, or puts it with the other downloads. */
function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
