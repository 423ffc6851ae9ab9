import { DriverAdapterError } from "@prisma/driver-adapter-utils";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { isUnavailable } from "./unavailable.ts";

function sqlState(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError("message", 0, "error"), { code, severity: "ERROR" });
}

const withCode = (code: string, message = "message") => Object.assign(new Error(message), { code });

describe("the database could not be asked", () => {
  test.each(["08006", "28P01", "3D000", "53300", "55P03", "57014", "57P01", "57P03", "58030"])(
    "PostgreSQL says %s",
    (code) => {
      expect(isUnavailable(sqlState(code))).toBe(true);
      expect(
        isUnavailable(
          new DriverAdapterError({
            kind: "postgres",
            code,
            severity: "ERROR",
            message: "",
            detail: undefined,
            column: undefined,
            hint: undefined,
          }),
        ),
      ).toBe(true);
    },
  );

  test.each(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE", "EAI_AGAIN"])("the socket says %s", (code) => {
    expect(isUnavailable(withCode(code))).toBe(true);
  });

  test.each(["P1001", "P1002", "P1008", "P1017", "P2024", "P2037"])("Prisma says %s", (code) => {
    expect(isUnavailable(withCode(code))).toBe(true);
  });

  test.each(["Query read timeout", "timeout exceeded when trying to connect", "Connection terminated unexpectedly"])(
    "pg says: %s",
    (message) => expect(isUnavailable(new Error(message))).toBe(true),
  );

  test("no transaction could be started in time", () => {
    expect(
      isUnavailable(withCode("P2028", "Transaction API error: Unable to start a transaction in the given time.")),
    ).toBe(true);
  });

  test("several addresses were tried, and none answered", () => {
    expect(isUnavailable(new AggregateError([withCode("ECONNREFUSED"), withCode("ECONNREFUSED")]))).toBe(true);
  });

  test("an error says so at the end of its causes", () => {
    const inner = new DriverAdapterError({ kind: "DatabaseNotReachable", host: "127.0.0.1", port: 5432 });
    const middle = Object.assign(withCode("P2010"), { meta: { driverAdapterError: inner } });
    expect(
      isUnavailable(new Error("Listing keys failed", { cause: new Error("Query failed", { cause: middle }) })),
    ).toBe(true);
  });
});

describe("the database answered, or it is a bug of ours", () => {
  test.each(["23505", "23503", "23514", "23000", "40001", "40P01", "42601", "42P01", "42703", "P0001", "22P02"])(
    "PostgreSQL says %s",
    (code) => expect(isUnavailable(sqlState(code))).toBe(false),
  );

  test.each(["P2002", "P2003", "P2010", "P2025", "P2034", "P2039"])("Prisma says %s", (code) => {
    expect(isUnavailable(withCode(code))).toBe(false);
  });

  test("a transaction was used after its end", () => {
    const message = "Transaction already closed: A query cannot be executed on a committed transaction.";
    expect(isUnavailable(withCode("P2028", message))).toBe(false);
  });

  test("another service could not be reached", () => {
    expect(isUnavailable(new TypeError("fetch failed", { cause: withCode("ECONNREFUSED") }))).toBe(false);
  });

  test.each([
    new TypeError("x is not a function"),
    new Error("08006"),
    withCode("ERR_INVALID_ARG_TYPE"),
    null,
    undefined,
    "57P01",
    57,
  ])("%s", (error) => expect(isUnavailable(error)).toBe(false));

  test("causes in a circle end", () => {
    const error = new Error("a");
    error.cause = error;
    expect(isUnavailable(error)).toBe(false);
  });
});
