import { Button, Stack } from "@mantine/core";
import type { OfferedProvider, SignInProviderId } from "@latchkey/types/sign-in-refusals";
import { IconBrandGithub, IconBrandGoogle, IconBrandWindows, IconLogin2 } from "@tabler/icons-react";
import { useTranslations } from "use-intl";

interface ProviderButtonsProps {
  readonly providers: readonly OfferedProvider[];
  /** The one that is being opened. */
  readonly busyWith: SignInProviderId | null;
  readonly onChoose: (provider: SignInProviderId) => void;
}

const ICONS = { google: IconBrandGoogle, github: IconBrandGithub, microsoft: IconBrandWindows, oidc: IconLogin2 };

/** The ways to sign in that the operator has configured besides the password. */
export function ProviderButtons({ providers, busyWith, onChoose }: ProviderButtonsProps) {
  const t = useTranslations("providerSignIn");
  return (
    <Stack gap="xs">
      {providers.map(({ id, name }) => {
        const Icon = ICONS[id];
        return (
          <Button
            key={id}
            variant="default"
            fullWidth
            leftSection={<Icon size={18} aria-hidden="true" />}
            loading={busyWith === id}
            disabled={busyWith !== null && busyWith !== id}
            onClick={() => onChoose(id)}
          >
            {t("continue", { provider: name })}
          </Button>
        );
      })}
    </Stack>
  );
}
