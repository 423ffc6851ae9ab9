import fc from "fast-check";
import { expect, test } from "vitest";
import { createWriteObject, whenComplete, writeList, writeText } from "./json-text.ts";

test("a text is written as JSON.stringify writes it, halves of characters too", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), fc.integer({ min: 0, max: 0xffff }), (any, usual, code) => {
      const unit = String.fromCharCode(code);
      for (const text of [any, usual, unit, usual + unit + any]) expect(writeText(text)).toBe(JSON.stringify(text));
    }),
  );
});

test("objects and lists are written as JSON.stringify writes them, whatever their keys are called", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[_A-Za-z]\w{0,9}$/)), (keys) => {
      fc.pre(keys.length > 0);
      const object = Object.fromEntries(keys.map((key) => [key, key.length]));
      const values = keys.map((key) => String(key.length));
      expect(createWriteObject(keys)(values)).toBe(JSON.stringify(object));
      expect(writeList(values)).toBe(JSON.stringify(Object.values(object)));
    }),
  );
});

test("what is all there is written at once, and what is awaited when it has come", async () => {
  expect(whenComplete(["1", "2"], writeList)).toBe("[1,2]");
  expect(await whenComplete(["1", Promise.resolve("2")], writeList)).toBe("[1,2]");
});
