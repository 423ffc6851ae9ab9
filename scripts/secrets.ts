// `pnpm secrets`: new secrets for the settings that must not be guessed. Nothing is kept.
import { makePepper, makeSecret } from "../apps/server/src/secrets.ts";

const pepper = makePepper(new Date());
console.log(`BETTER_AUTH_SECRET=${makeSecret()}`);
console.log(`API_KEY_PEPPERS=${pepper.id}:${pepper.secret}`);
