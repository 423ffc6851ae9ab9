import { Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { GraveFooter } from "../../components/grave-footer.tsx";
import { Notice } from "../../components/notice.tsx";
import type { LostKey } from "./create-once.ts";

interface LostKeyQuestionProps {
  readonly apiKey: LostKey;
  readonly isBusy: boolean;
  readonly error: string | null;
  /** Whether the last attempt to revoke it may have worked after all. */
  readonly isUnknown: boolean;
  readonly onReplace: () => void;
  readonly onLeave: () => void;
}

/** In place of the form: the key is there, and its secret got lost on the way to here. */
export function LostKeyQuestion({ apiKey, isBusy, error, isUnknown, onReplace, onLeave }: LostKeyQuestionProps) {
  const t = useTranslations("lostKey");
  const { name, prefix } = apiKey;
  const rich = { name, prefix, b: (chunks: React.ReactNode) => <bdi style={{ fontWeight: 600 }}>{chunks}</bdi> };
  return (
    <Stack gap="lg">
      <Notice tone="warning" role="alert" title={t("title")}>
        {t.rich("made", rich)}
      </Notice>
      <Text size="sm">{t("replaceHelp")}</Text>
      {/* Nobody holds its secret, so nothing ends with it. */}
      <GraveFooter
        keep={t("leave")}
        submit={t("replace")}
        isHarmless
        isBusy={isBusy}
        error={error}
        isUnknown={isUnknown}
        onKeep={onLeave}
        onSubmit={onReplace}
      />
    </Stack>
  );
}
