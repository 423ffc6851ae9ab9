/**
 * Whether the database could not be asked: unreachable, stopping, full, refusing our sign-in, or not answering in
 * time. Walks causes, so a wrapped error is recognised. False for everything the database did answer (a violated
 * constraint, wrong SQL, a deadlock) and for bugs of our own.
 */
export function isUnavailable(error: unknown): boolean {
  return reasonsOf(error).some(
    (reason) =>
      isUnavailableSqlState(reason) ||
      isSocketFailure(reason) ||
      isDriverKind(reason) ||
      isPrismaCode(reason) ||
      isPgMessage(reason),
  );
}

interface Reason {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  errorCode?: unknown;
  severity?: unknown;
  kind?: unknown;
  originalCode?: unknown;
  cause?: unknown;
  errors?: unknown;
  meta?: { driverAdapterError?: unknown } | null;
}

const MAX_DEPTH = 10;

/** The error and everything it says it was caused by. */
function reasonsOf(error: unknown, depth = 0): Reason[] {
  if (typeof error !== "object" || error === null || depth > MAX_DEPTH) return [];
  const reason = error as Reason;
  // A refused `fetch` (an identity provider, a mail server) has a socket error as its cause: not the database's.
  if (error instanceof TypeError) return [];
  const causes = [
    reason.cause,
    reason.meta?.driverAdapterError,
    ...(Array.isArray(reason.errors) ? reason.errors : []),
  ];
  return [reason, ...causes.flatMap((cause) => reasonsOf(cause, depth + 1))];
}

/** Classes 08 connection, 28 sign-in, 53 resources, 58 the system beneath. */
const SQL_STATE_CLASSES = new Set(["08", "28", "53", "58"]);
const SQL_STATES = new Set([
  "3D000", // no such database
  "25P03", // idle in a transaction for too long
  "25P04", // transaction timeout
  "55P03", // lock timeout
  "57014", // statement timeout
  "57P01", // shutting down
  "57P02", // a backend crashed
  "57P03", // starting up
  "57P05", // idle session timeout
]);

function isUnavailableSqlState({ severity, kind, code, originalCode }: Reason): boolean {
  // Only errors that PostgreSQL sent: Node's and Prisma's codes are five characters long now and then.
  const isFromServer = severity !== undefined || kind !== undefined;
  const state = originalCode ?? (isFromServer ? code : undefined);
  return (
    typeof state === "string" &&
    (SQL_STATES.has(state) || (state.length === 5 && SQL_STATE_CLASSES.has(state.slice(0, 2))))
  );
}

const SOCKET_CODES = new Set([
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

function isSocketFailure({ code }: Reason): boolean {
  return typeof code === "string" && SOCKET_CODES.has(code);
}

const DRIVER_KINDS = new Set([
  "AuthenticationFailed",
  "ConnectionClosed",
  "DatabaseAccessDenied",
  "DatabaseDoesNotExist",
  "DatabaseNotReachable",
  "SocketTimeout",
  "TlsConnectionError",
  "TooManyConnections",
]);

function isDriverKind({ kind }: Reason): boolean {
  return typeof kind === "string" && DRIVER_KINDS.has(kind);
}

const PRISMA_CODES = new Set([
  "P1000", // sign-in refused
  "P1001", // not reachable
  "P1002", // reached, but timed out
  "P1003", // no such database
  "P1008", // timed out
  "P1010", // access denied
  "P1011", // TLS
  "P1017", // closed by the server
  "P2024", // no free connection in time
  "P2037", // too many connections
]);

function isPrismaCode({ name, code, errorCode, message }: Reason): boolean {
  if (name === "PrismaClientInitializationError") return true;
  if (typeof errorCode === "string" && PRISMA_CODES.has(errorCode)) return true;
  if (typeof code !== "string") return false;
  // P2028 is any failure of a transaction: also its use after it was committed, which is a bug.
  if (code === "P2028") return /Unable to start a transaction|expired transaction/.test(String(message));
  return PRISMA_CODES.has(code);
}

/** What pg and its pool say without a code. */
const PG_MESSAGES = new Set([
  "Cannot use a pool after calling end on the pool",
  "Client has encountered a connection error and is not queryable",
  "Client was closed and is not queryable",
  "Connection terminated",
  "Connection terminated due to connection timeout",
  "Connection terminated unexpectedly",
  "Query read timeout",
  "timeout exceeded when trying to connect",
  "timeout expired",
]);

function isPgMessage({ message }: Reason): boolean {
  return typeof message === "string" && PG_MESSAGES.has(message);
}
