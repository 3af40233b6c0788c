import { expect, test } from "bun:test";
import { refusalError, transportFailure } from "../providers/upstream-errors.ts";
import { TransportError } from "../transport/transport.ts";
import { verdictOf } from "./verdict.ts";

const judged = (status: number, message = "no", codes = "") =>
  verdictOf(refusalError("P", { status, message, codes, retryAfterSeconds: null }));

test("a provider is blamed for its own failures, and for nothing that a client can bring about", () => {
  for (const status of [500, 502, 503, 504, 520, 529, 424, 302, 408])
    expect([status, judged(status)]).toEqual([status, "failure"]);
  for (const status of [400, 405, 409, 413, 415, 422, 451]) expect([status, judged(status)]).toEqual([status, "none"]);
  const rest = Object.fromEntries([401, 402, 403, 404, 429].map((status) => [status, judged(status)]));
  expect(rest).toEqual({ 401: "credential", 402: "credential", 403: "forbidden", 404: "missing", 429: "limited" });
});

test("words count for more than the status", () => {
  expect(judged(429, "You exceeded your current quota")).toBe("credential");
  expect(judged(403, "violates our content policy")).toBe("none");
  expect(judged(413, "too many", "rate_limit_exceeded")).toBe("limited");
});

test("no answer at all is the provider's failure", () => {
  for (const kind of ["timeout", "unreachable", "refused"] as const) {
    expect(verdictOf(transportFailure("P", new TransportError(kind, "x")))).toBe("failure");
  }
});
