import type { NotificationKind } from "@latchkey/types/notifications";

/** One of one's own, as every door shows it. */
export interface Notification {
  readonly id: string;
  readonly kind: NotificationKind;
  /** One sentence, with the names that key and people have today. */
  readonly message: string;
  readonly team: NotifiedTeam;
  /** The key it is about; null where it is about a limit of keys. */
  readonly apiKeyId: string | null;
  /** When it happened. */
  readonly at: Date;
  readonly readAt: Date | null;
  /** The page that shows what it is about. */
  readonly link: string;
}

export interface NotifiedTeam {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

/** As it is stored, with what its sentence needs. */
export interface StoredNotification {
  readonly id: string;
  readonly kind: string;
  readonly userId: string;
  readonly threshold: string;
  readonly reachedLimit: number | null;
  readonly keyId: string | null;
  readonly at: Date;
  readonly readAt: Date | null;
  readonly team: NotifiedTeam;
  readonly key: { readonly name: string } | null;
  readonly person: { readonly id: string; readonly name: string } | null;
}
