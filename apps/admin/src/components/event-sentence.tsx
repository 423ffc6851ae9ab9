import { isAuditAction } from "@latchkey/types/audit-events";
import { useTranslations } from "use-intl";
import type { ReactNode } from "react";
import type { Role } from "../generated/graphql.ts";

interface Named {
  readonly id: string;
  readonly label: string | null;
}

interface AuditEvent {
  readonly action: string;
  readonly actor: { readonly name: string } | null;
  readonly actorKey: Named | null;
  readonly target: Named | null;
  readonly changes: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

/** What happened, as one would say it. */
export function EventSentence({ event }: { readonly event: AuditEvent }) {
  const t = useTranslations("auditSentences");
  const tLog = useTranslations("auditLog");
  const values = useSentenceValues(event);
  // A newer server may tell of what this page has no words for yet.
  if (!isAuditAction(event.action))
    return <>{tLog.rich("unknownAction", { actor: values.actor, action: event.action, b: strong })}</>;
  return (
    <>
      {t.rich(event.action, values)}
      {event.actorKey === null ? null : <> {tLog.rich("withKey", { key: nameOf(event.actorKey), b: strong })}</>}
    </>
  );
}

function useSentenceValues(event: AuditEvent) {
  const tLog = useTranslations("auditLog");
  const tRoles = useTranslations("roles");
  const role = (value: string | null) => {
    const name = (value ?? "").toUpperCase();
    return isRole(name) ? tRoles(name) : (value ?? "");
  };
  const change = (field: string) => event.changes.find((candidate) => candidate.field === field);
  const name = change("name");
  const roles = change("role");
  return {
    actor: event.actor?.name ?? tLog("operator"),
    target: event.target === null ? tLog("nothing") : nameOf(event.target),
    before: name?.before ?? role(roles?.before ?? null),
    after: name?.after ?? role(roles?.after ?? null),
    plan: change("plan")?.after ?? "",
    format: (change("format")?.after ?? "").toUpperCase(),
    isOn: change("requiresSecondFactor")?.after === "true" ? "yes" : "no",
    b: strong,
  };
}

const strong = (chunks: ReactNode) => <strong>{chunks}</strong>;

/** What has no name any more is told by its id. */
const nameOf = ({ id, label }: Named): string => label ?? id;

const ROLES = ["SUPER_ADMIN", "OWNER", "ADMIN", "MANAGER", "VIEWER"] as const satisfies readonly Role[];
const isRole = (name: string): name is Role => (ROLES as readonly string[]).includes(name);
