/** Without 0, 1, i, l and o, which are mistaken for one another on paper. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const COUNT = 10;
const LENGTH = 10;

/** Ten codes such as `abcde-fghjk`, 49 bits each. `randomBelow` draws a whole number below its argument, each alike. */
export function makeRecoveryCodes(randomBelow: (limit: number) => number): string[] {
  const character = () => ALPHABET[randomBelow(ALPHABET.length)] ?? "";
  return Array.from({ length: COUNT }, () => {
    const code = Array.from({ length: LENGTH }, character).join("");
    return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
  });
}
