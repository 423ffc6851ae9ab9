import type { Pool } from "pg";
import type { Logger } from "pino";
import type { Peppers } from "../config.ts";
import { createAuthenticateKey } from "../identity/api-key-strategy.ts";
import { type CallRecorder } from "../modules/activity/call.ts";
import { createGuardedCallsService } from "../modules/api-keys/guarded-calls.service.ts";
import { createKeyMemory } from "../modules/api-keys/verification/find-key.ts";
import { createKeyLookup } from "../modules/api-keys/verification/key-lookup.repository.ts";
import { createRehash } from "../modules/api-keys/verification/rehash.repository.ts";
import { createVerifyApiKey } from "../modules/api-keys/verification/verify-api-key.ts";
import { createActorLimits } from "../modules/rate-limit/actor-limits.ts";
import { createFailingKeyLimit } from "../modules/rate-limit/failing-keys.ts";
import { processMicroseconds } from "../modules/rate-limit/limiter.service.ts";
import type { RateLimitStore } from "../modules/rate-limit/rate-limit-store.ts";
import type { Coherence } from "../platform/coherence/coherence.ts";

interface Dependencies {
  readonly coherence: Coherence;
  readonly verificationPool: Pool;
  readonly peppers: Peppers;
  readonly rateLimitStore: RateLimitStore;
  readonly recorder: CallRecorder;
  readonly logger: Logger;
}

export type KeyVerification = ReturnType<typeof composeKeyVerification>;

/** How a key becomes an actor: the steps 1 to 4 of spec §5, and what stands behind them. */
export function composeKeyVerification(dependencies: Dependencies) {
  const { coherence, verificationPool, peppers, rateLimitStore, recorder, logger } = dependencies;
  const keyMemory = createKeyMemory({
    coherence,
    createReader: (watch) => createKeyLookup(verificationPool, watch),
  });
  const verifyApiKey = createVerifyApiKey({
    peppers,
    findKey: keyMemory.findKey,
    rehash: createRehash(verificationPool, peppers[0].id, (error) =>
      logger.warn({ err: error }, "A key keeps its old pepper for now"),
    ),
  });

  const limitActor = createActorLimits(rateLimitStore);
  const authenticateKey = createAuthenticateKey({
    verifyApiKey,
    limitActor,
    limitFailingKey: createFailingKeyLimit(processMicroseconds),
    admit: recorder.admit,
  });
  const guardedCalls = createGuardedCallsService({ authenticateKey, record: recorder.record });
  return { keyMemory, verifyApiKey, limitActor, authenticateKey, guardedCalls };
}
