import { afterEach, describe, expect, test } from "bun:test";
import { addressOf, call } from "./api.ts";
import { ApiError } from "./api-error.ts";

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/** Answers every call with what the function gives, and keeps what was asked. */
function answerWith(answer: (init: RequestInit) => Promise<Response> | Response): RequestInit[] {
  const asked: RequestInit[] = [];
  globalThis.fetch = Object.assign(
    async (_: unknown, init: RequestInit = {}) => {
      asked.push(init);
      return answer(init);
    },
    { preconnect: realFetch.preconnect },
  );
  return asked;
}

describe("the address of an operation", () => {
  test("holds its parameters in a form that cannot leave the path", () => {
    expect(addressOf("getKey", { params: { id: "../account?x=1" } })).toBe("/api/dashboard/keys/..%2Faccount%3Fx%3D1");
  });

  test("leaves out what was not asked for", () => {
    expect(addressOf("listKeys", { query: { q: "", limit: 50, cursor: undefined } })).toBe(
      "/api/dashboard/keys?limit=50",
    );
  });
});

describe("a call", () => {
  test("changes things by JSON alone, as the server demands of browsers", async () => {
    const asked = answerWith(() => Response.json({ status: "check_your_mail" }));
    await call("forgotPassword", { body: { email: "budi@example.com" } });
    expect(new Headers(asked[0]?.headers).get("content-type")).toBe("application/json");
    expect(asked[0]?.credentials).toBe("same-origin");
  });

  test("that is refused rejects with the server's code", async () => {
    const body = { error: { code: 401, message: "No.", metadata: { error_code: "not_signed_in", request_id: "r" } } };
    answerWith(() => Response.json(body, { status: 401 }));
    await expect(call("getAccount")).rejects.toMatchObject({ code: "not_signed_in", status: 401 });
  });

  test("without a connection rejects as such, not as a refusal", async () => {
    answerWith(() => Promise.reject(new TypeError("failed to fetch")));
    await expect(call("getAccount")).rejects.toMatchObject({ code: "network", status: 0 });
  });

  test("that takes too long is ended and says so", async () => {
    answerWith(
      ({ signal }) => new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    );
    await expect(call("getAccount", { timeoutMs: 1 })).rejects.toMatchObject({ code: "timeout" });
  });

  test("ended by its caller rejects with the caller's reason, so that no error is shown", async () => {
    const controller = new AbortController();
    answerWith(
      ({ signal }) => new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    );
    const pending = call("getAccount", { signal: controller.signal });
    controller.abort(new Error("left the page"));
    await expect(pending).rejects.toThrow("left the page");
  });

  test("with an answer that is not JSON does not pass for a success", async () => {
    answerWith(() => new Response("<html>hotel login</html>"));
    const caught = await call("getAccount").catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(ApiError);
    expect(caught).toMatchObject({ code: "unreadable" });
  });
});
