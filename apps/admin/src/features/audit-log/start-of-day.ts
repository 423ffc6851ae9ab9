/** An instant: where the viewer is, so many days after this one begins. */
export function startOfDay(text: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = text.split("-").map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}
