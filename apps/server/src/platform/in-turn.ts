import { isUnavailable } from "./database/unavailable.ts";

export type InTurn = <Result>(name: string, task: () => Promise<Result>) => Promise<Result>;

/**
 * Runs the tasks of one name one after the other, in the order they came; tasks of different names do not wait for each
 * other. In front of a lock in the database it keeps a crowd from holding a connection each while it waits, so that
 * everybody else still finds one. It is no lock itself: other processes know nothing of it.
 *
 * When a task finds the database away, those behind it are told so at once instead of finding it out one by one.
 */
export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (name, task) => {
    const before = last.get(name);
    const mine =
      before === undefined
        ? task()
        : before.then(task, (error: unknown) => {
            if (isUnavailable(error)) throw error;
            return task();
          });
    last.set(name, mine);
    const leave = () => {
      if (last.get(name) === mine) last.delete(name);
    };
    mine.then(leave, leave);
    return mine;
  };
}
