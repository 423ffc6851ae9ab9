import type { AccountSession } from "@latchkey/types/account";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { ExactTime } from "../../components/exact-time.tsx";
import { SmallButton } from "../../components/small-button.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import classes from "./account.module.css";
import { deviceOf } from "./device.ts";

interface SessionItemProps {
  readonly session: AccountSession;
  readonly onEnd: () => void;
}

export function SessionItem({ session, onEnd }: SessionItemProps) {
  const t = useTranslations("sessions");
  const device = useDeviceName(session.userAgent);
  return (
    <li className={classes.session}>
      <div>
        <div className={classes.device}>
          {device}
          {session.isCurrent ? <StatusBadge tone="positive">{t("current")}</StatusBadge> : null}
        </div>
        <SessionTimes session={session} />
      </div>
      {session.isCurrent ? null : (
        <SmallButton isGrave label={t("end")} name={t("endNamed", { device })} onClick={onEnd} />
      )}
    </li>
  );
}

function SessionTimes({ session: { isCurrent, ip, signedInAt, lastSeenAt } }: Pick<SessionItemProps, "session">) {
  const t = useTranslations("sessions");
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  // A server's clock may be a little ahead of this one.
  const ago = (instant: string) => format.relativeTime(Math.min(new Date(instant).getTime(), now.getTime()), now);
  return (
    <div className={classes.seen}>
      {isCurrent ? t("now") : <ExactTime instant={lastSeenAt}>{t("lastSeen", { when: ago(lastSeenAt) })}</ExactTime>}
      {" · "}
      <ExactTime instant={signedInAt}>{t("signedIn", { when: ago(signedInAt) })}</ExactTime>
      {ip === null ? null : ` ${t("address", { ip })}`}
    </div>
  );
}

function useDeviceName(userAgent: string | null): string {
  const t = useTranslations("sessions.devices");
  const { browser, system } = deviceOf(userAgent);
  if (browser !== null && system !== null) return t("browserOn", { browser, system });
  return browser ?? system ?? t("unknown");
}
