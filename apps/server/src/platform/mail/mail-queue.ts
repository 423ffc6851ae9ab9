import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Deliver, MailMessage } from "./mail-message.ts";
import { describeDeliveryFailure, isRefusedForGood } from "./smtp-delivery.ts";

/** A mail to be made and sent behind the answer of a request. */
export interface MailJob {
  /** For the log: which mail, never to whom nor with what. */
  readonly kind: string;
  /** Null: there is nobody to send it to. */
  readonly prepare: () => Promise<MailMessage | null>;
}

interface Options {
  readonly deliver: Deliver;
  readonly logger: Logger;
  /** Before each repetition; there is one attempt more than pauses. */
  readonly pausesMilliseconds?: readonly number[];
  readonly attemptMilliseconds?: number;
  readonly maxWaiting?: number;
}

const PAUSES_MILLISECONDS = [1_000, 10_000];
/** However slowly a server dribbles its answers. */
const ATTEMPT_MILLISECONDS = 15_000;
const MAX_WAITING = 1_000;
const AT_ONCE = 4;

/**
 * Mails leave behind the answers of requests: a mail server that is away or slow holds up nobody, and how long an
 * answer takes does not tell whether a mail was sent. Kept in memory: a mail that a crash loses is asked for again.
 */
export class MailQueue {
  readonly #options: Required<Options>;
  readonly #waiting: MailJob[] = [];
  readonly #running = new Set<Promise<void>>();
  /** Ends pauses: whoever stops waits for no repetition. */
  readonly #closing = new AbortController();
  /** Ends attempts. */
  readonly #aborting = new AbortController();
  /** Jobs outlive the request that asked for them, so that they must not see its transaction or its watch. */
  readonly #outsideRequests = AsyncLocalStorage.snapshot();

  constructor(options: Options) {
    this.#options = {
      pausesMilliseconds: PAUSES_MILLISECONDS,
      attemptMilliseconds: ATTEMPT_MILLISECONDS,
      maxWaiting: MAX_WAITING,
      ...options,
    };
  }

  /** Whether it was taken; not when too many wait, or when the process stops. */
  add(job: MailJob): boolean {
    const { logger, maxWaiting } = this.#options;
    if (this.#closing.signal.aborted || this.#waiting.length >= maxWaiting) {
      logger.error({ mail: job.kind, waiting: this.#waiting.length }, "A mail is dropped: too many wait to be sent");
      return false;
    }
    this.#waiting.push(job);
    this.#startNext();
    return true;
  }

  /** Sends what is there for at most so long, without repetitions, then gives up. Nothing of it runs afterwards. */
  async close(milliseconds: number): Promise<void> {
    this.#closing.abort();
    const giveUp = setTimeout(() => {
      const unsent = this.#waiting.splice(0).length + this.#running.size;
      this.#options.logger.error({ unsent }, "Mails are dropped: the server stops");
      this.#aborting.abort();
    }, milliseconds);
    while (this.#running.size > 0) await Promise.all(this.#running);
    clearTimeout(giveUp);
  }

  #startNext(): void {
    if (this.#running.size >= AT_ONCE) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    const run = this.#outsideRequests(() => this.#run(job)).finally(() => {
      this.#running.delete(run);
      this.#startNext();
    });
    this.#running.add(run);
  }

  async #run(job: MailJob): Promise<void> {
    const { logger, pausesMilliseconds } = this.#options;
    const attempts = pausesMilliseconds.length + 1;
    let message: MailMessage | null = null;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      try {
        message ??= await job.prepare();
        if (message === null) return;
        await this.#attempt(message);
        logger.info({ mail: job.kind, attempt }, "A mail was sent");
        return;
      } catch (error) {
        const failure = describeDeliveryFailure(error);
        const pause = isRefusedForGood(error) ? undefined : pausesMilliseconds[attempt - 1];
        if (pause === undefined || this.#closing.signal.aborted) {
          logger.error({ mail: job.kind, attempt, ...failure }, "A mail was not sent, and is given up");
          return;
        }
        logger.warn({ mail: job.kind, attempt, ...failure }, "A mail was not sent yet; trying again");
        await sleep(pause, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
  }

  async #attempt(message: MailMessage): Promise<void> {
    const { deliver, attemptMilliseconds } = this.#options;
    const tooLong = AbortSignal.timeout(attemptMilliseconds);
    await deliver(message, AbortSignal.any([tooLong, this.#aborting.signal]));
  }
}
