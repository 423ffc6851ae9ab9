import { expect, test } from "vitest";
import { fieldErrors } from "./field-errors.ts";

const FIELDS = ["name", "permissions", "expiresInDays"];

test("each complaint of the server lands beside its field, the first one of a field wins", () => {
  const { byField, rest } = fieldErrors(
    [
      { path: ["name"], message: "Too long." },
      { path: ["permissions", "2"], message: "No such permission." },
      { path: ["input", "permissions", "3"], message: "Nor this one." },
    ],
    FIELDS,
  );
  expect(byField).toEqual({ name: "Too long.", permissions: "No such permission." });
  expect(rest).toBeNull();
});

test("a complaint about something the form does not show is not swallowed", () => {
  const { byField, rest } = fieldErrors([{ path: ["teamId"], message: "This is not an id." }], FIELDS);
  expect(byField).toEqual({});
  expect(rest).toBe("This is not an id.");
});
