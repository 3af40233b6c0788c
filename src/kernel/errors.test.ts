import { describe, expect, test } from "bun:test";
import { type ErrorCode, errorTable, GapuraError } from "./errors.ts";

describe("errors", () => {
  test("blanks are filled with the given values, once, and a value cannot open another blank", () => {
    const error = new GapuraError("model_unknown", {
      values: { model: "{modelsUrl}", modelsUrl: "http://localhost/models" },
    });
    expect(error.message).toBe(
      "{modelsUrl} is not a valid model ID. GET http://localhost/models lists the models this instance can serve.",
    );
    expect(error).toMatchObject({ status: 400, code: "model_unknown", errorType: "invalid_request" });
  });

  test("the cause is kept for the log and stands in no text for the client", () => {
    const cause = new Error("canary-cause");
    const error = new GapuraError("internal", { values: { requestId: "req_1" }, cause });
    expect(error.cause).toBe(cause);
    expect(error.message).not.toContain("canary");
  });

  test("every row has a status of an error and whole sentences", () => {
    for (const [code, row] of Object.entries(errorTable)) {
      expect([code, row.status >= 400 && row.status < 600]).toEqual([code, true]);
      if (!/^\{\w+\}$/.test(row.text))
        expect([code, row.text]).toEqual([code, expect.stringMatching(/^[A-Z{].*(?:\.|\{reason\})$/)]);
    }
  });

  test("infrastructure trouble is never blamed on the key", () => {
    const infrastructure: ErrorCode[] = [
      "storage_unavailable",
      "storage_full",
      "shutting_down",
      "internal",
      "provider_auth",
    ];
    for (const code of infrastructure) expect(errorTable[code].status).toBeGreaterThanOrEqual(500);
  });
});
