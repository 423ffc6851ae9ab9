import type { SignInProviderId, SignInRefusalCode } from "@latchkey/types/sign-in-refusals";
import { useEffect, useState } from "react";
import { startProviderSignIn, type ProviderStart } from "./auth-requests.ts";

export type ProviderStartError = Extract<
  SignInRefusalCode,
  "provider_unavailable" | "too_many" | "unavailable" | "unexpected"
>;

/** Leaves for a provider. Back on the page, it ends on `next`, or on /sign-in with what went wrong. */
export function useProviderSignIn(start: Omit<ProviderStart, "provider">) {
  const [busyWith, setBusyWith] = useState<SignInProviderId | null>(null);
  const [error, setError] = useState<ProviderStartError | "unreachable" | null>(null);

  // Whoever goes back from the provider meets the page as they left it.
  useEffect(() => {
    const shown = ({ persisted }: PageTransitionEvent) => {
      if (persisted) setBusyWith(null);
    };
    window.addEventListener("pageshow", shown);
    return () => window.removeEventListener("pageshow", shown);
  }, []);

  async function choose(provider: SignInProviderId): Promise<void> {
    setBusyWith(provider);
    setError(null);
    const outcome = await startProviderSignIn({ ...start, provider });
    if (outcome.ok) {
      window.location.assign(outcome.url);
      return;
    }
    setBusyWith(null);
    setError(startErrorOf(outcome));
  }
  return { choose: (provider: SignInProviderId) => void choose(provider), busyWith, error };
}

function startErrorOf({
  code,
  failure,
}: Extract<Awaited<ReturnType<typeof startProviderSignIn>>, { ok: false }>): ProviderStartError | "unreachable" {
  if (code === "provider_unavailable") return code;
  if (failure === "rate_limited") return "too_many";
  return failure === "unavailable" || failure === "unreachable" ? failure : "unexpected";
}
