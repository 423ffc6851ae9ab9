const DAY_MILLISECONDS = 86_400_000;

/** A day in UTC, as `2026-11-22`. */
export type Day = string;

export function dayOf(milliseconds: number): Day {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** From `daysBefore` days before this instant to `daysAfter` after it. */
export function daysAround(milliseconds: number, daysBefore: number, daysAfter: number): Day[] {
  return Array.from({ length: daysBefore + daysAfter + 1 }, (_, index) =>
    dayOf(milliseconds + (index - daysBefore) * DAY_MILLISECONDS),
  );
}

/** The days of these instants, each once. */
export function distinctDays(instants: readonly number[]): Day[] {
  const days = new Set(instants.map((at) => Math.floor(at / DAY_MILLISECONDS)));
  return [...days].map((day) => dayOf(day * DAY_MILLISECONDS));
}
