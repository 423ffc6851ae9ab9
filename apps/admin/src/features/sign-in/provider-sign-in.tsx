import { Divider } from "@mantine/core";
import type { OfferedProvider, SignInProviderId } from "@latchkey/types/sign-in-refusals";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import { ProviderButtons } from "../../components/provider-buttons.tsx";
import { safeNext } from "../../session/safe-next.ts";
import { useProviderSignIn } from "../../session/use-provider-sign-in.ts";

const route = getRouteApi("/sign-in");

/** The other ways in, below the form. */
export function ProviderSignIn({ providers }: { readonly providers: readonly OfferedProvider[] }) {
  const t = useTranslations("providerSignIn");
  const { next } = route.useSearch();
  const navigate = route.useNavigate();
  const { choose, busyWith, error } = useProviderSignIn({ next: safeNext(next, window.location.origin) });
  const start = (provider: SignInProviderId) => {
    // What the last attempt ended with is over.
    void navigate({ search: () => (next === undefined ? {} : { next }), replace: true });
    choose(provider);
  };
  return (
    <>
      <Divider label={t("or")} />
      {error === null ? null : (
        <Notice tone="negative" role="alert">
          {t(error)}
        </Notice>
      )}
      <ProviderButtons providers={providers} busyWith={busyWith} onChoose={start} />
    </>
  );
}
