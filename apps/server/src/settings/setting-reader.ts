/** The settings are wrong. The message names every problem and its mend, and never a value that may be secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`The settings have ${count}:`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/**
 * Reads settings one by one and collects what is wrong with them, so that one start tells all. After a problem a
 * reader answers with the fallback: the values are of no use until `finish` has passed.
 */
export class SettingReader {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #problems: string[] = [];

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** Null if the setting is absent or blank: `NAME=` in a .env file means "not set". */
  text(name: string): string | null {
    const value = this.#environment[name]?.trim() ?? "";
    return value === "" ? null : value;
  }

  choice<Choice extends string, Fallback>(
    name: string,
    choices: readonly Choice[],
    fallback: Fallback,
  ): Choice | Fallback {
    const value = this.text(name);
    if (value === null) return fallback;
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) this.problem(name, `is not one of ${choices.join(", ")}. Set one of these.`);
    return choice ?? fallback;
  }

  wholeNumber(name: string, min: number, max: number, fallback: number): number {
    const value = this.text(name);
    if (value === null) return fallback;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    this.problem(name, `is not a whole number from ${min} to ${max}. Set one, for example ${fallback}.`);
    return fallback;
  }

  /** What is between commas, trimmed; empty entries are left out. */
  list(name: string): readonly string[] {
    return (this.text(name) ?? "")
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
  }

  /** @param rest the sentence after the name: what is wrong, and then the mend. */
  problem(name: string, rest: string): void {
    this.#problems.push(`${name} ${rest}`);
  }

  /** @throws ConfigError if anything was wrong */
  finish(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }
}
