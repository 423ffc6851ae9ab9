/** Something that is waited for again and again. One that rings before the sleep begins ends it at once. */
export interface Alarm {
  ring(): void;
  /** Until it rings, at most so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
}

export function createAlarm(): Alarm {
  let hasRung = false;
  let wake = () => {};
  return {
    ring() {
      hasRung = true;
      wake();
    },
    async sleep(milliseconds) {
      if (!hasRung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, milliseconds);
        await promise;
        clearTimeout(timer);
      }
      hasRung = false;
    },
  };
}
