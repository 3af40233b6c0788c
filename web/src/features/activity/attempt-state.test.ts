import { expect, test } from "bun:test";
import { attemptState } from "./attempt-state.ts";

test("who was stopped because another was faster is not shown as one that failed", () => {
  const why = { place: "named", demerits: [], share: null, lacking: [], other_model: false };
  expect(attemptState({ status: 0, errorCode: null, why })).toBe("stopped");
  expect(attemptState({ status: 0, errorCode: "provider_timeout", why })).toBe("failed");
  expect(attemptState({ status: 0, errorCode: null, why: null })).toBe("failed");
  expect(attemptState({ status: 503, errorCode: "provider_overloaded", why })).toBe("failed");
  expect(attemptState({ status: 200, errorCode: null, why })).toBe("answered");
});
