/** What `GET /api/auth/account` answers: one's own account. Instants are ISO 8601. */
export interface Account {
  readonly name: string;
  readonly email: string;
  /** People who sign in elsewhere may have none. */
  readonly hasPassword: boolean;
  readonly secondFactor: {
    readonly isEnabled: boolean;
    /** Of those shown when they were made; each works once. */
    readonly recoveryCodesLeft: number;
    /** The teams that require one of the viewer, by name. */
    readonly requiredBy: readonly string[];
    /** Of a super_admin in production. */
    readonly isRequiredByPlatform: boolean;
  };
  readonly notifications: {
    /** What one is notified of comes by mail too. */
    readonly isMailed: boolean;
    /** The server sends mails. */
    readonly canBeMailed: boolean;
  };
}

/** A sign-in of one's own that still works. Never with its token. */
export interface AccountSession {
  readonly id: string;
  /** The one that asks. */
  readonly isCurrent: boolean;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly signedInAt: string;
  /** Up to a quarter of an hour ago when it is in use. */
  readonly lastSeenAt: string;
}

/** What `GET /api/auth/account/sessions` answers, the last seen first. */
export interface AccountSessions {
  readonly sessions: readonly AccountSession[];
}
