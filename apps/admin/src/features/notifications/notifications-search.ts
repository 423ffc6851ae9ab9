/** The list's state, in the address. */
export interface NotificationsSearch {
  /** *Unread only*. */
  readonly unread?: "1";
}

/** Reads what somebody may have typed into the address: what is not understood is dropped. */
export function parseNotificationsSearch({ unread }: Record<string, unknown>): NotificationsSearch {
  return unread === "1" ? { unread } : {};
}
