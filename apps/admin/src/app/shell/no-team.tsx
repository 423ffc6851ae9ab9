import { IconUsers } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { CodeBlock } from "../../components/code-block.tsx";
import { StatePanel } from "../../components/state-panel.tsx";

/** Signed in, but a member of nothing: say who can change that, and how. */
export function NoTeam({ email }: { readonly email: string | null }) {
  const t = useTranslations("noTeam");
  const address = email ?? "you@example.com";
  const command = `pnpm user:create ${address} --team "Your team"`;
  return (
    <StatePanel
      isPage
      icon={<IconUsers size={24} />}
      title={t("title")}
      action={<CodeBlock label={command}>{command}</CodeBlock>}
    >
      {t("body", { email: address })}
    </StatePanel>
  );
}
