const MIN_LENGTH = 32;
const MIN_DISTINCT_CHARACTERS = 10;
/** What has to be left of a secret, without the words people type in place of one. */
const MIN_LENGTH_WITHOUT_WORDS = 20;

const OBVIOUS_WORDS =
  /secret|change|replace|password|default|example|placeholder|insert|latchkey|better|auth|pepper|token|please|your|this|here|test|demo|foo|bar|qwerty|asdf|letmein|admin|key|with|random|string|long|value|production/gi;

/** Why a secret is easy to guess, as the end of a sentence that starts with its name; null if nothing speaks against it. */
export function weaknessOf(secret: string): string | null {
  if (secret.length < MIN_LENGTH) return `has ${secret.length} characters, and needs at least ${MIN_LENGTH}`;
  if (new Set(secret).size < MIN_DISTINCT_CHARACTERS) {
    return `is made of fewer than ${MIN_DISTINCT_CHARACTERS} different characters`;
  }
  if (isRepetition(secret)) return "repeats one short text";
  if (isMostlySequence(secret)) return "follows the alphabet or the row of digits";
  if (isWords(secret)) return "is made of words that anybody would try";
  return null;
}

function isRepetition(secret: string): boolean {
  for (let period = 1; period <= secret.length / 2; period++) {
    if (secret.slice(period) === secret.slice(0, -period)) return true;
  }
  return false;
}

function isMostlySequence(secret: string): boolean {
  let steps = 0;
  for (let at = 1; at < secret.length; at++) {
    if (Math.abs(secret.charCodeAt(at) - secret.charCodeAt(at - 1)) <= 1) steps++;
  }
  return steps > secret.length / 2;
}

/** Letters drawn at random hold such a word now and then; only what is little else is refused. */
function isWords(secret: string): boolean {
  const rest = secret.replaceAll(OBVIOUS_WORDS, "").replaceAll(/[\s._!-]/g, "");
  return rest.length < MIN_LENGTH_WITHOUT_WORDS || new Set(rest).size < MIN_DISTINCT_CHARACTERS;
}
