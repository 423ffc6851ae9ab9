import { Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Notice } from "../../../components/notice.tsx";
import type { Replacement } from "../create-key-input.ts";

/** What the new key takes the place of, and what it cannot be given. */
export function ReplacementIntro({ replacement: { name, leftOut } }: { readonly replacement: Replacement }) {
  const t = useTranslations("replaceKey");
  return (
    <>
      <Text size="sm">{t.rich("intro", { name, b: (chunks) => <bdi style={{ fontWeight: 600 }}>{chunks}</bdi> })}</Text>
      {leftOut.length === 0 ? null : (
        <Notice tone="warning" role="status" title={t("leftOutTitle")}>
          {t("leftOut", { permissions: leftOut.join(", "), count: leftOut.length })}
        </Notice>
      )}
    </>
  );
}
