import type { Logger } from "pino";
import type { CallRecorder } from "./call.ts";
import { createPermissionUseMemory } from "./permission-use.ts";
import type { PermissionUse, PermissionUseRepository } from "./permission-use.repository.ts";

/** Remembers which permissions keys make use of, beside the record of their calls. */
export interface PermissionUseRecorder extends CallRecorder {
  /** Stores all that was noted. Rejects when the database does not take it; nothing is lost then. */
  flush(): Promise<void>;
  /** Stores what was noted, if the database takes it now. */
  stop(): Promise<void>;
}

interface Options {
  /** Which records the calls themselves. */
  readonly recorder: CallRecorder;
  readonly repository: PermissionUseRepository;
  readonly logger: Logger;
}

/** What `kill -9` may lose: it is for people who tidy up once a month, and the calls themselves are recorded anyway. */
const FLUSH_MILLISECONDS = 10_000;
/** Rows of one statement. */
const MAX_BATCH = 5_000;

export function createPermissionUseRecorder({ recorder, repository, logger }: Options): PermissionUseRecorder {
  const memory = createPermissionUseMemory();
  let isAway = false;
  let running: Promise<void> = Promise.resolve();

  const storeAll = async () => {
    const taken = memory.take();
    const now = performance.now();
    const uses = [...taken].flatMap(([keyId, permissions]) =>
      [...permissions].map(([permission, at]): PermissionUse => ({ keyId, permission, agoMilliseconds: now - at })),
    );
    try {
      for (let first = 0; first < uses.length; first += MAX_BATCH)
        await repository.store(uses.slice(first, first + MAX_BATCH));
    } catch (error) {
      memory.putBack(taken);
      throw error;
    }
  };
  const flush = () => (running = running.catch(() => undefined).then(storeAll));
  const tryFlush = () =>
    flush().then(
      () => void (isAway = false),
      (error: unknown) => {
        if (!isAway) logger.warn({ err: error }, "The use of permissions is not stored yet; it is tried again");
        isAway = true;
      },
    );
  const timer = setInterval(() => void tryFlush(), FLUSH_MILLISECONDS);

  return {
    admit: recorder.admit,
    record(call) {
      const { caller, exercised } = call.notes;
      if (caller?.keyId != null) memory.note(caller.keyId, exercised, performance.now());
      return recorder.record(call);
    },
    flush,
    async stop() {
      clearInterval(timer);
      await tryFlush();
    },
  };
}
