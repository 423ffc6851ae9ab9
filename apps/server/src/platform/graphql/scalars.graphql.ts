import { writeInstant } from "../instant.ts";
import { builder } from "./builder.ts";

builder.scalarType("DateTime", {
  description: "An instant as ISO 8601 in UTC, such as 2026-11-22T08:30:00.000Z.",
  serialize: (value) => writeInstant(value),
  parseValue: (value) => {
    const instant = typeof value === "string" ? new Date(value) : null;
    if (instant === null || Number.isNaN(instant.getTime())) throw new TypeError("An instant is ISO 8601 text.");
    return instant;
  },
});
