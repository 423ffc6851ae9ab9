import { IconCircleCheck, IconClockPause } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "use-intl";
import { safetyOf, type ReplacementVerdict } from "./replacement-verdict.ts";
import classes from "./replacement.module.css";

/** One sentence, said again to those who listen when it changes. */
export function VerdictSentence({ verdict, now }: { readonly verdict: ReplacementVerdict; readonly now: Date }) {
  const sentence = useSentence();
  const safety = safetyOf(verdict);
  const Icon = safety === "unsafe" ? IconClockPause : IconCircleCheck;
  return (
    <div className={classes.verdict} data-safety={safety} role="status">
      <Icon size={20} aria-hidden="true" />
      <span>{sentence(verdict, now)}</span>
    </div>
  );
}

function useSentence(): (verdict: ReplacementVerdict, now: Date) => string {
  const t = useTranslations("replacementVerdict");
  const tStatus = useTranslations("apiKeyStatus");
  const tBlocked = useTranslations("blockedReason");
  const format = useFormatter();
  return (verdict, now) => {
    switch (verdict.kind) {
      case "newStopped": {
        const { status, blockedReason } = verdict;
        return t("newStopped", { state: blockedReason === null ? tStatus(status) : tBlocked(blockedReason) });
      }
      case "oldCalling":
        return t("oldCalling", { calls: verdict.calls, when: format.relativeTime(verdict.lastUsed, now) });
      case "oldCalledLater":
        return t("oldCalledLater", { when: format.relativeTime(verdict.lastUsed, now) });
      case "oldSilent":
        return verdict.days < 2
          ? t("oldSilentHours", { hours: String(verdict.hours) })
          : t("oldSilentDays", { days: String(verdict.days) });
      case "expired":
        return t("expired", { refused: verdict.refused });
      default:
        return t(verdict.kind);
    }
  };
}
