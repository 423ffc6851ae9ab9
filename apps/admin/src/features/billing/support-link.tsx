import { Button, Text } from "@mantine/core";
import { IconExternalLink, IconMail } from "@tabler/icons-react";
import { useTranslations } from "use-intl";

interface SupportLinkProps {
  readonly supportUrl: string | null;
  /** The subscription has ended: what is wanted is its renewal. */
  readonly isRenewal: boolean;
}

/** Plans are changed by whoever operates the server; where they are asked, the operator says (SUPPORT_URL). */
export function SupportLink({ supportUrl, isRenewal }: SupportLinkProps) {
  const t = useTranslations("billing");
  const kind = isRenewal ? "renew" : "change";
  if (supportUrl === null) {
    return (
      <Text size="sm" c="dimmed">
        {t(`${kind}Unknown`)}
      </Text>
    );
  }
  const isMail = supportUrl.startsWith("mailto:");
  const Icon = isMail ? IconMail : IconExternalLink;
  return (
    <div>
      <Button
        component="a"
        href={supportUrl}
        variant={isRenewal ? "filled" : "default"}
        rightSection={<Icon size={16} aria-hidden="true" />}
        {...(isMail ? {} : { target: "_blank", rel: "noreferrer" })}
      >
        {t(kind)}
      </Button>
    </div>
  );
}
