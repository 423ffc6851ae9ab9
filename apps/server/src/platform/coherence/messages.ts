/** On this channel everybody hears what has changed (the triggers of the migration name it), and barriers. */
export const SHARED_CHANNEL = "latchkey";

/** On this one a session hears its own heartbeats, and that somebody has acknowledged. */
export function ownChannel(sessionId: string): string {
  return `${SHARED_CHANNEL}_${sessionId}`;
}

export type Message =
  | { readonly kind: "change"; readonly subject: string }
  /** Whoever has handled all before it says so, and wakes `waiter` (a session, or nobody). */
  | { readonly kind: "barrier"; readonly number: number; readonly waiter: string | null }
  | { readonly kind: "heartbeat"; readonly number: number }
  | { readonly kind: "wake" };

const BARRIER = /^b:(\d+):(\w*)$/;
const HEARTBEAT = /^h:(\d+)$/;
export const WAKE_PAYLOAD = "a";

export function heartbeatPayload(number: number): string {
  return `h:${number}`;
}

/** Whatever is none of our own messages is a change: what is not understood is at least not kept from the listeners. */
export function parseMessage(payload: string): Message {
  if (payload === WAKE_PAYLOAD) return { kind: "wake" };
  const [, heartbeat] = HEARTBEAT.exec(payload) ?? [];
  if (heartbeat !== undefined) return { kind: "heartbeat", number: Number(heartbeat) };
  const [, barrier, waiter] = BARRIER.exec(payload) ?? [];
  if (barrier !== undefined)
    return { kind: "barrier", number: Number(barrier), waiter: waiter === "" ? null : (waiter ?? null) };
  return { kind: "change", subject: payload };
}
