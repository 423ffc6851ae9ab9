/** One line of the table that `pnpm bench` prints: what was wanted, and what this run measured. */
export interface Row {
  readonly what: string;
  /** With its unit, as a reader wants it: `0.83`, `61×`, `12.4 ms`. */
  readonly measured: string;
  /** The bound, in the same words: `at least 0.60`. */
  readonly wanted: string;
  readonly passes: boolean;
}

/** A ratio of two things that ran alternately in the same run. */
export function ratioRow(what: string, value: number, atLeast: number, unit: "" | "×" = ""): Row {
  const digits = unit === "×" ? 1 : 2;
  return {
    what,
    measured: `${value.toFixed(digits)}${unit}`,
    wanted: `at least ${atLeast.toFixed(unit === "×" ? 0 : 2)}${unit}`,
    passes: value >= atLeast,
  };
}

/** A quantity that must not be more than a bound, both in `unit`. */
export function ceilingRow(what: string, value: number, atMost: number, unit: string): Row {
  return {
    what,
    measured: `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ${unit}`,
    wanted: `at most ${atMost} ${unit}`,
    passes: value <= atMost,
  };
}
