import { expect, test } from "bun:test";
import fc from "fast-check";
import { Secret } from "../../kernel/secret.ts";
import { errorEnvelope as anthropicEnvelope } from "../ingress/anthropic-messages/errors.ts";
import { errorEnvelope as chatEnvelope } from "../ingress/openai-chat/errors.ts";
import { failureCode } from "../ingress/openai-responses/failures.ts";
import { isWorthAnother, readRefusal, refusalError } from "./upstream-errors.ts";

const NOW_MS = Date.parse("2026-11-24T12:00:00Z");

async function read(body: unknown, { status = 400, headers = {}, key = "secret-key-0123456789" } = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readRefusal(new Response(text, { status, headers }), new Secret(key), NOW_MS);
}

async function codeOf(status: number, body: unknown): Promise<string> {
  return refusalError("Acme", await read(body, { status })).code;
}

test.each([
  ["OpenAI's", { error: { message: "No such model", type: "invalid_request_error", param: null, code: null } }],
  ["a text for the error", { error: "No such model" }],
  ["a code beside a text", { code: "invalid-argument", error: "No such model" }],
  ["a bare message", { message: "No such model", id: "1" }],
  ["an object called error", { object: "error", message: "No such model", type: "x", code: 1 }],
  ["a short word beside a sentence", { statusCode: 400, error: "Bad Request", message: "No such model" }],
  ["detail as a text", { detail: "No such model" }],
  ["detail as an object", { detail: { error: "No such model" } }],
  ["a list of errors", { success: false, errors: [{ code: 7003, message: "No such model" }], messages: [] }],
  ["errors as texts", { errors: ["No such model"] }],
  ["a list around the error", [{ error: { code: 400, message: "No such model", status: "INVALID_ARGUMENT" } }]],
  ["a status in a wrapper", { base_resp: { status_code: 1004, status_msg: "No such model" } }],
  ["a text", '"No such model"'],
  ["no JSON at all", "No such model\n"],
])("a refusal is read from %s", async (_, body) => {
  expect((await read(body)).message).toBe("No such model");
});

test("a validator's list names the fields, and is cut after the third", async () => {
  const missing = (field: string) => ({ type: "missing", loc: ["body", "messages", 0, field], msg: "Field required" });
  expect((await read({ detail: [missing("role")] })).message).toBe("body.messages.0.role: Field required");
  const nested = { object: "error", message: { detail: [missing("role"), missing("content")] } };
  expect((await read(nested)).message).toBe(
    "body.messages.0.role: Field required; body.messages.0.content: Field required",
  );
  const many = (await read({ detail: ["a", "b", "c", "d", "e"].map(missing) })).message;
  expect(many).toEndWith("messages.0.c: Field required");
});

test("a page of a proxy, an empty body and a body without words say nothing", async () => {
  for (const body of ["<html><body>502 Bad Gateway</body></html>", "", {}, [], null, { error: null }, { error: {} }]) {
    expect((await read(body, { status: 502 })).message).toBe("");
  }
});

test("no key gets through, and no message is longer than its bound, whatever is sent", async () => {
  const key = "my-own-secret-0123456789";
  const said = {
    errors: [{ message: `Bad key ${key}, or sk-abcdef123456, hf_abcdefghijklmnopqrst, AIzaSyA0123456789abcdefghij` }],
  };
  expect((await read(said, { key })).message).toBe("Bad key [key], or [key], [key], [key]");
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
      const { message, codes } = await read(body);
      expect(message.length).toBeLessThanOrEqual(500);
      expect(typeof codes).toBe("string");
    }),
  );
  let deep: unknown = "x".repeat(10_000);
  for (let level = 0; level < 5000; level++) deep = { error: deep };
  expect((await read(deep)).message.length).toBeLessThanOrEqual(500);
});

test.each([
  [
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
    "context_length_exceeded",
  ],
  ["Your input exceeds the context window of this model. Please adjust your input and try again.", null],
  ["prompt is too long: 213462 tokens > 200000 maximum", null],
  ["This model's maximum prompt length is 131072 but the request contains 537812 tokens.", null],
  ["Please reduce the length of the messages or completion.", null],
  ["The request exceeds the available context size, try increasing it", "exceed_context_size_error"],
  ["Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", null],
  ["The input (70000 tokens) is longer than the model's context length (32768 tokens).", null],
  ["Range of input length should be [1, 129024]", null],
  ["Invalid request: Your request exceeded model token limit: 262144 (requested: 300000)", null],
  ["Prompt exceeds max length", null],
  ["The number of tokens to keep from the initial prompt is greater than the context length", null],
])("a prompt that is too long is known by: %s", async (message, code) => {
  expect(await codeOf(400, { error: { message, code } })).toBe("prompt_too_long");
});

test.each([
  [400, { error: { message: "Content Exists Risk", type: "invalid_request_error" } }],
  [400, { error: { message: "<400> Input data may contain inappropriate content.", code: "data_inspection_failed" } }],
  [400, { error: { message: "The request was rejected because it was considered high risk", type: "content_filter" } }],
  [400, { error: { message: "System detected potentially unsafe or sensitive content in input.", code: "1301" } }],
  [
    403,
    { code: "permission-denied", error: "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_CSAM" },
  ],
  [
    400,
    {
      error: { message: "Your prompt was flagged as potentially violating our usage policy.", code: "invalid_prompt" },
    },
  ],
  [
    400,
    { error: { message: "Blocked.", code: "content_filter", innererror: { code: "ResponsibleAIPolicyViolation" } } },
  ],
])("what a provider's filter refuses is known by its words: %i %j", async (status, body) => {
  expect(await codeOf(status, body)).toBe("content_refused");
});

test("other refusals keep the meaning of their status", async () => {
  expect(await codeOf(400, { error: { message: "max_tokens is too large: 99999999" } })).toBe("provider_refused");
  expect(await codeOf(400, { error: { message: "Invalid value for 'content': expected a string" } })).toBe(
    "provider_refused",
  );
  expect(await codeOf(403, { message: "You cannot use this model" })).toBe("provider_auth");
  expect(
    await codeOf(429, { error: { message: "Too many tokens per minute; reduce the length of the messages" } }),
  ).toBe("provider_rate_limited");
  expect(await codeOf(503, { error: { code: 503, message: "Loading model", type: "unavailable_error" } })).toBe(
    "provider_overloaded",
  );
});

test("an account without money is the operator's to see to, not a limit to wait for", async () => {
  const spent = { error: { message: "You exceeded your current quota.", code: "insufficient_quota" } };
  expect(await codeOf(429, spent)).toBe("provider_auth");
  expect(await codeOf(400, { error: { message: "Access denied.", code: "Arrearage" } })).toBe("provider_auth");
});

test("a request larger than the account's rate is a limit, though its status is 413", async () => {
  const body = {
    error: { message: "Request too large on tokens per minute (TPM)", type: "tokens", code: "rate_limit_exceeded" },
  };
  expect(await codeOf(413, body)).toBe("provider_rate_limited");
});

test("a prompt too long is tried elsewhere, and told in each dialect's own shape", async () => {
  const error = refusalError("Acme", await read({ error: { message: "prompt is too long: 9 > 8" } }));
  expect(isWorthAnother(error)).toBe(true);
  expect(error.message).toContain("prompt is too long: 9 > 8");
  expect(chatEnvelope(error, "r")).toMatchObject({
    error: { code: 400, metadata: { error_type: "context_length_exceeded" } },
  });
  expect(anthropicEnvelope(error, "r")).toMatchObject({
    error: { type: "invalid_request_error", error_type: "context_length_exceeded" },
  });
  expect(failureCode(error)).toBe("invalid_prompt");
  expect(isWorthAnother(refusalError("Acme", await read({ error: "Content Exists Risk" })))).toBe(false);
});

test.each([
  [{ "retry-after": "7" }, 7],
  [{ "retry-after": "1.2" }, 2],
  [{ "retry-after": "Tue, 24 Nov 2026 12:00:20 GMT" }, 20],
  [{ "retry-after": "2099-01-01T00:00:00Z" }, 60],
  [{ "retry-after": "0" }, 1],
  [{ "retry-after-ms": "2500", "retry-after": "9" }, 3],
  [{ "retry-after": "soon" }, null],
  [{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "12ms" }, 1],
  [
    {
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "7.66s",
      "x-ratelimit-reset-requests": "2m59.56s",
    },
    8,
  ],
  [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m2s" }, 60],
  [{ "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "9s" }, null],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW_MS + 4000) }, 4],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW_MS / 1000 + 5) }, 5],
  [{ "anthropic-ratelimit-tokens-remaining": "0", "anthropic-ratelimit-tokens-reset": "2026-11-24T12:00:11Z" }, 11],
  [{}, null],
])("the wait of a refusal is read from its headers: %j", async (headers, seconds) => {
  expect((await read({ error: "slow down" }, { status: 429, headers })).retryAfterSeconds).toBe(seconds);
});

test("a wait that stands in the error's details counts where no header does", async () => {
  const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "13.5s" }];
  expect((await read({ error: { message: "Quota", details } }, { status: 429 })).retryAfterSeconds).toBe(14);
});
