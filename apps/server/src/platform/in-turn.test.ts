import { expect, test } from "vitest";
import { createInTurn } from "./in-turn.ts";

function outage(): Error {
  return Object.assign(new Error("Connection refused"), { code: "ECONNREFUSED" });
}

test("tasks of one name run one after the other, in the order they came", async () => {
  const inTurn = createInTurn();
  const steps: string[] = [];
  const task = (name: string) => async () => {
    steps.push(`${name} begins`);
    await new Promise(setImmediate);
    steps.push(`${name} ends`);
    return name;
  };
  const results = await Promise.all(["a", "b", "c"].map((name) => inTurn("acme", task(name))));
  expect(results).toEqual(["a", "b", "c"]);
  expect(steps).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("tasks of another name do not wait", async () => {
  const inTurn = createInTurn();
  const stuck = Promise.withResolvers<void>();
  const first = inTurn("acme", () => stuck.promise);
  expect(await inTurn("globex", async () => "done")).toBe("done");
  stuck.resolve();
  await first;
});

test("a task that is refused keeps nobody behind it from theirs", async () => {
  const inTurn = createInTurn();
  const refused = inTurn("acme", () => Promise.reject(new Error("The cap is reached.")));
  const next = inTurn("acme", async () => "done");
  await expect(refused).rejects.toThrow("The cap is reached.");
  expect(await next).toBe("done");
});

test("when one finds the database away, those behind it fail with it at once, and whoever comes later tries anew", async () => {
  const inTurn = createInTurn();
  let tries = 0;
  const failing = () => {
    tries += 1;
    return Promise.reject(outage());
  };
  const all = await Promise.allSettled(Array.from({ length: 50 }, () => inTurn("acme", failing)));
  expect(all.every(({ status }) => status === "rejected")).toBe(true);
  expect(tries).toBe(1);
  expect(await inTurn("acme", async () => "back")).toBe("back");
});
