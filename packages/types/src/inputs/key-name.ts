import { nameOf } from "./name.ts";

/** What a key is for, in its creator's words. */
export const keyName = nameOf("key");
