// A process that takes one token from the Redis at the address it is given, and prints what became of it.
import { pino } from "pino";
import { rateLimitPolicy } from "../src/modules/rate-limit/gcra.ts";
import { createRedisConnection } from "../src/modules/rate-limit/redis-connection.repository.ts";
import { createRedisStore } from "../src/modules/rate-limit/redis-store.repository.ts";

const [url = ""] = process.argv.slice(2);
const redis = createRedisConnection({ url, logger: pino({ level: "silent" }), onOpen: () => undefined });
await redis.start();
const store = createRedisStore({ redis, namespace: "tls", generation: 1, onOutdated: () => undefined });
const decision = await Promise.resolve(store.take("key:a", rateLimitPolicy(10, 60))).catch(() => null);
console.log(decision === null ? "away" : decision.isAdmitted ? "admitted" : "refused");
redis.stop();
