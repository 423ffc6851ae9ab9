import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";

/** What an answer may still need once its deadline has passed, in turns of the event loop; none of it is waiting. */
const TURNS = 200;

/**
 * That an answer of this very process keeps its deadline, on a machine of any speed: both are timers of one event loop,
 * which fire in the order of their times however late that is. So what has set itself a deadline below `milliseconds`
 * has passed it before this one.
 * @throws Error when there is no answer by then
 */
export async function answeredWithin<Answer>(milliseconds: number, ask: () => Promise<Answer>): Promise<Answer> {
  const late = sleep(milliseconds, null, { ref: false }).then(async () => {
    for (let count = 0; count < TURNS; count += 1) await turn();
    throw new Error(`There is no answer after ${milliseconds} ms.`);
  });
  late.catch(() => undefined);
  return Promise.race([ask(), late]);
}
