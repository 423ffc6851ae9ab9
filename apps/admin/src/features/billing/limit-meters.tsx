import { useFormatter, useTranslations } from "use-intl";
import { Meter } from "../../components/meter.tsx";
import classes from "./billing.module.css";
import { limitState, type LimitState, type LimitUse } from "./limit-state.ts";
import type { Usage } from "./use-billing.ts";

type Limit = "activeKeys" | "ownActiveKeys" | "adAccounts" | "monthlyAdSpendUsd";

const LIMITS: readonly Limit[] = ["activeKeys", "ownActiveKeys", "adAccounts", "monthlyAdSpendUsd"];
/** Not ours to count: the product around Latchkey knows them, or nobody does. */
const FROM_THE_PRODUCT: ReadonlySet<Limit> = new Set<Limit>(["adAccounts", "monthlyAdSpendUsd"]);
const TONES = {
  unknown: "neutral",
  unlimited: "neutral",
  room: "neutral",
  near: "warning",
  reached: "negative",
  over: "negative",
} as const satisfies Record<LimitState, string>;

/** The use of each limit of the plan. */
export function LimitMeters({ usage }: { readonly usage: Usage }) {
  return (
    <div className={classes.meters}>
      {LIMITS.map((limit) => (
        <LimitMeter key={limit} limit={limit} use={usage[limit]} />
      ))}
    </div>
  );
}

function LimitMeter({ limit, use }: { readonly limit: Limit; readonly use: LimitUse }) {
  const t = useTranslations("billingLimits");
  const amount = useAmount(limit);
  const state = limitState(use);
  return (
    <Meter
      label={t(limit)}
      text={t(state === "unknown" || state === "unlimited" ? state : "of", {
        used: amount(use.used ?? 0),
        limit: amount(use.limit ?? 0),
      })}
      share={use.used === null || use.limit === null ? null : use.used / use.limit}
      tone={TONES[state]}
    >
      <LimitNote limit={limit} use={use} state={state} />
    </Meter>
  );
}

interface LimitNoteProps {
  readonly limit: Limit;
  readonly use: LimitUse;
  readonly state: LimitState;
}

/** What follows from where a use stands, and what to do about it. */
function LimitNote({ limit, use, state }: LimitNoteProps) {
  const t = useTranslations("billingLimits");
  const amount = useAmount(limit);
  if (state === "unknown") {
    return use.limit === null ? t("notConnectedUnlimited") : t("notConnected", { limit: amount(use.limit) });
  }
  if (state === "near") return t("near", { left: amount((use.limit ?? 0) - (use.used ?? 0)) });
  if (state === "reached" || state === "over") {
    if (FROM_THE_PRODUCT.has(limit)) return t(`${state}Elsewhere`);
    return t(limit === "ownActiveKeys" ? `${state}Own` : `${state}Keys`);
  }
  return null;
}

/** Spend is money, all else is a number. */
function useAmount(limit: Limit): (value: number) => string {
  const format = useFormatter();
  return (value) =>
    limit === "monthlyAdSpendUsd"
      ? format.number(value, { style: "currency", currency: "USD", maximumFractionDigits: 0 })
      : format.number(value);
}
