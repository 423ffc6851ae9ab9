import { Button, Code, Group } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { useCopy } from "../../components/use-copy.ts";

/** A name and what it is, in a list of such. */
export function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The id of a request, to be handed on. */
export function CopyableId({ id }: { readonly id: string }) {
  const t = useTranslations("copyField");
  const tLog = useTranslations("auditLog");
  const text = useRef<HTMLElement>(null);
  const { outcome, copy } = useCopy();
  const Icon = outcome === "copied" ? IconCheck : IconCopy;
  return (
    <Group gap={6} wrap="wrap">
      <Code ref={text} tabIndex={-1}>
        {id}
      </Code>
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<Icon size={14} aria-hidden="true" />}
        aria-label={tLog("copyRequest")}
        onClick={() => void copy(id, text.current)}
      >
        {outcome === "copied" ? t("copied") : t("copy")}
      </Button>
      <span role="status">{outcome === "by-hand" ? t("byHand") : null}</span>
    </Group>
  );
}
