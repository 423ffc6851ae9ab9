import { Anchor, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import { requestConfirmation } from "../../session/mailed-links.ts";

/** The password was right, and a link is on its way that shows whose the address is. */
export function ConfirmFirst({ email }: { readonly email: string }) {
  const t = useTranslations("confirmFirst");
  const [state, setState] = useState<"idle" | "busy" | "sentAgain" | "failed">("idle");

  async function sendAgain(): Promise<void> {
    if (state === "busy") return;
    setState("busy");
    setState((await requestConfirmation(email)) === "done" ? "sentAgain" : "failed");
  }

  return (
    <Notice tone="info" role="status" title={t("title")}>
      <Text size="sm">{t.rich("body", { email, b: (chunks) => <b>{chunks}</b> })}</Text>
      <Text size="sm">
        {state === "sentAgain" || state === "failed" ? `${t(state)} ` : null}
        <Anchor component="button" type="button" size="sm" onClick={() => void sendAgain()}>
          {t("again")}
        </Anchor>
      </Text>
    </Notice>
  );
}
