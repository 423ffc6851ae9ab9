import type { BarrierDatabase, ProcessRow } from "../../src/platform/coherence/barrier.ts";

/** A key as verification reads it. */
export interface SimulatedKey {
  readonly isRevoked: boolean;
  readonly expiresAt: number;
}

/** A LISTEN session as PostgreSQL holds it: what was committed since, in order, as long as it is connected. */
export interface SimulatedSession {
  readonly id: string;
  readonly queue: string[];
  isConnected: boolean;
  /** A pooler is in front: of what is committed only the session's own heartbeats find their way. */
  readonly isPooled: boolean;
}

/** PostgreSQL as far as the protocol sees it. Each function is one transaction. */
export class SimulatedDatabase {
  readonly keys = new Map<string, SimulatedKey>();
  readonly processes = new Map<string, ProcessRow>();
  #sessions: SimulatedSession[] = [];
  #barriers = 0;

  listen(id: string, isPooled: boolean): SimulatedSession {
    const session = { id, queue: [], isConnected: true, isPooled };
    this.#sessions.push(session);
    return session;
  }

  notify(payload: string): void {
    this.#sessions = this.#sessions.filter(({ isConnected }) => isConnected);
    for (const session of this.#sessions) if (!session.isPooled) session.queue.push(payload);
  }

  /** R2: whether it was there to be revoked; the trigger's notification commits with it. */
  revoke(name: string, { notifies }: { readonly notifies: boolean }): boolean {
    const key = this.keys.get(name);
    if (key === undefined || key.isRevoked) return false;
    this.keys.set(name, { ...key, isRevoked: true });
    if (notifies) this.notify(`k:${name}`);
    return true;
  }

  /** R3: row and notification in one. */
  renew(session: SimulatedSession, renewals: number): void {
    const acknowledged = this.processes.get(session.id)?.acknowledged ?? 0;
    this.processes.set(session.id, { id: session.id, renewals, acknowledged });
    if (session.isConnected) session.queue.push(`h:${renewals}`);
  }

  acknowledge(id: string, number: number): void {
    const row = this.processes.get(id);
    if (row !== undefined) this.processes.set(id, { ...row, acknowledged: Math.max(row.acknowledged, number) });
  }

  announce(): number {
    this.#barriers += 1;
    this.notify(`b:${this.#barriers}:`);
    return this.#barriers;
  }

  readProcesses(): ProcessRow[] {
    return [...this.processes.values()];
  }

  giveUp(rows: readonly ProcessRow[], { whenMoved }: { readonly whenMoved: boolean }): void {
    for (const { id, renewals } of rows)
      if (whenMoved || this.processes.get(id)?.renewals === renewals) this.processes.delete(id);
  }
}

/** Runs a transaction some time later, and hands on what it said some time after that. */
export type Later = <Value>(transaction: () => Value) => Promise<Value>;

/** The database as a barrier reaches it. */
export function asBarrierDatabase(
  database: SimulatedDatabase,
  later: Later,
  options: { readonly whenMoved: boolean },
): BarrierDatabase {
  return {
    announce: () => later(() => database.announce()),
    readProcesses: () => later(() => database.readProcesses()),
    giveUp: (rows) => later(() => database.giveUp(rows, options)),
  };
}
