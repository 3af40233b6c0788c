import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  bodyOf,
  chunk,
  completion,
  eventStream,
  type Harness,
  halo,
  made,
  readStream,
  record,
  startDataPlane,
  usageEvent,
} from "../../test/support/data-plane.ts";
import { FORGIVEN_MS } from "../../test/support/later.ts";
import { createApiKey } from "../kernel/api-key.ts";

let harness: Harness;
afterEach(() => harness.stop());

describe("a whole answer", () => {
  beforeEach(async () => {
    harness = await startDataPlane(() => Response.json(completion));
  });

  test("has this gateway's identity, the provider's name and the usage, and leaves one record", async () => {
    const answer = await harness.call(halo);
    expect(answer.status).toBe(200);
    const body = await bodyOf(answer);
    expect(body).toMatchObject({
      model: "acme/m",
      provider: "P0",
      system_fingerprint: null,
      choices: [{ finish_reason: "stop", native_finish_reason: "stop", message: { content: "Baik!" } }],
      usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, cost: null },
    });
    expect(body.id).toMatch(/^gen-\d+-\w{20}$/);
    expect(answer.headers.get("x-generation-id")).toBe(body.id);
    expect(harness.kept).toHaveLength(1);
    expect(harness.kept[0]).toMatchObject({
      id: body.id,
      keyId: record.id,
      userId: "user_1",
      model: "acme/m",
      provider: "P0",
      upstreamId: "chatcmpl-1",
      status: 200,
      promptTokens: 9,
      completionTokens: 3,
      costNano: null,
      finishReason: "stop",
      attempts: [{ provider: "p0", status: 200 }],
    });
  });

  test("unknown fields go upstream as they came, steering fields do not, and the credential is the provider's", async () => {
    await harness.call(
      '{"model":"acme/m", "messages":[{"role":"user","content":"x"}],"new_field":1.50,"provider":{"order":["a"]}}',
    );
    expect(harness.seen[0]?.body).toBe(
      '{"model":"acme/m", "messages":[{"role":"user","content":"x"}],"new_field":1.50}',
    );
    expect(harness.seen[0]?.headers.get("authorization")).toBe("Bearer sk-upstream-secret");
    expect(harness.seen[0]?.headers.get("cookie")).toBeNull();
  });

  test("an answer whose record could not be kept is not given", async () => {
    harness.storage.down = true;
    const answer = await harness.call(halo);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(await answer.text()).not.toContain("Baik!");
  });

  test("every refusal has its status, its code and a sentence, and nothing goes upstream", async () => {
    const wrongKey = createApiKey("inference").key;
    const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    const cases: [number, string, () => Promise<Response>][] = [
      [401, "missing_credentials", () => harness.call(halo, { headers: {} })],
      [401, "malformed_key", () => harness.call(halo, bearer("sk-or-v1-abc"))],
      [401, "unknown_key", () => harness.call(halo, bearer(wrongKey))],
      [400, "invalid_json", () => harness.call('{"model":"acme/m",')],
      [400, "body_not_object", () => harness.call("[]")],
      [400, "model_missing", () => harness.call({ messages: halo.messages })],
      [400, "invalid_field", () => harness.call({ model: "acme/m" })],
      [400, "invalid_field", () => harness.call({ model: "acme/m", messages: [] })],
      [400, "invalid_field", () => harness.call({ ...halo, stream: "yes" })],
      [400, "duplicate_field", () => harness.call('{"model":"acme/m","model":"b","messages":[]}')],
      [400, "model_unknown", () => harness.call({ ...halo, model: "nobody/nothing" })],
      [404, "model_not_connected", () => harness.call({ ...halo, model: "gpt-3.5" })],
      [
        400,
        "body_compressed",
        () => harness.call(halo, { headers: { ...bearer(made.key).headers, "content-encoding": "gzip" } }),
      ],
      [413, "body_too_large", () => harness.call({ ...halo, padding: "x".repeat(1024 * 1024) })],
      [405, "method_not_allowed", () => fetch(harness.url)],
    ];
    for (const [status, code, send] of cases) {
      const answer = await send();
      const body = await bodyOf(answer);
      expect([code, answer.status, body.error.code, body.error.metadata.error_code]).toEqual([
        code,
        status,
        status,
        code,
      ]);
      expect(body.error.message).not.toMatch(/\{\w+\}/);
      expect(body.error.metadata.request_id).toBe("req_test");
    }
    expect(harness.seen).toHaveLength(0);
    const statuses = harness.kept.map((usage) => usage.errorCode);
    expect(statuses).toContain("model_unknown");
    expect(statuses).not.toContain("unknown_key");
  });
});

describe("a streamed answer", () => {
  test("begins with the role, has one usage event and one [DONE], and is recorded before it", async () => {
    let keptAtDone = -1;
    harness = await startDataPlane(
      () =>
        new Response(
          chunk({ content: "Ba" }) +
            chunk({ content: "ik!" }) +
            chunk({}, { finish_reason: "stop" }) +
            usageEvent +
            "data: [DONE]\n\n",
          eventStream,
        ),
    );
    const answer = await harness.call({ ...halo, stream: true });
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const decoder = new TextDecoder();
    let text = "";
    for await (const part of answer.body ?? []) {
      text += decoder.decode(part, { stream: true });
      if (text.includes("[DONE]")) keptAtDone = harness.kept.length;
    }
    const { events } = await readStream(new Response(text));
    expect(events.at(-1)).toBe("[DONE]");
    expect(events.filter((event) => event === "[DONE]")).toHaveLength(1);
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
    expect(chunks[0].choices[0].delta).toEqual({ role: "assistant", content: "Ba" });
    expect(chunks.filter((one) => one.usage)).toHaveLength(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 12, cost: null } });
    expect(new Set(chunks.map((one) => one.id))).toEqual(new Set([answer.headers.get("x-generation-id")]));
    expect(chunks.every((one) => one.model === "acme/m" && one.provider === "P0")).toBe(true);
    expect(keptAtDone).toBe(1);
    expect(harness.kept[0]).toMatchObject({
      streamed: true,
      promptTokens: 9,
      completionTokens: 3,
      tokensEstimated: false,
    });
    expect(harness.kept[0]?.firstTokenMs).not.toBeNull();
    expect(JSON.parse(harness.seen[0]?.body ?? "{}").stream_options).toEqual({ include_usage: true });
  });

  test("without reported usage the tokens are counted and marked as an estimate", async () => {
    harness = await startDataPlane(
      () =>
        new Response(
          `${chunk({ content: "a".repeat(400) })}${chunk({}, { finish_reason: "stop" })}data: [DONE]\n\n`,
          eventStream,
        ),
    );
    const { events } = await readStream(await harness.call({ ...halo, stream: true }));
    expect(events.at(-1)).toBe("[DONE]");
    expect(harness.kept[0]).toMatchObject({ tokensEstimated: true, completionTokens: 100 });
  });

  test("cut off at any byte it ends with an error event and without [DONE], never as if it were whole", async () => {
    const whole = chunk({ content: "Halo é" }) + chunk({ content: " dunia" }) + chunk({}, { finish_reason: "stop" });
    const bytes = new TextEncoder().encode(whole);
    let cut = 0;
    harness = await startDataPlane(() => new Response(bytes.slice(0, cut), eventStream));
    const lastNeeded = new TextEncoder().encode(whole.trimEnd()).length;
    for (cut = 1; cut < lastNeeded; cut += 7) {
      const answer = await harness.call({ ...halo, stream: true });
      const { events } = await readStream(answer);
      if (answer.status !== 200) continue;
      expect([cut, events.includes("[DONE]")]).toEqual([cut, false]);
      expect(JSON.parse(events.at(-1) ?? "{}")).toMatchObject({
        error: { code: 502, metadata: { error_code: "provider_stream_broken" } },
        choices: [{ finish_reason: "error" }],
      });
    }
    expect(harness.kept.every((usage) => usage.errorCode !== null)).toBe(true);
  });

  test("a failure in the first event is a real HTTP status", async () => {
    harness = await startDataPlane(
      () => new Response('data: {"error":{"code":429,"message":"slow down"}}\n\n', eventStream),
    );
    const answer = await harness.call({ ...halo, stream: true });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "5"]);
    expect((await bodyOf(answer)).error.metadata.raw).toBe("slow down");
  });

  test("what a provider says inside a stream never holds its own key, at the beginning or later", async () => {
    const said = { error: { code: 400, message: "Incorrect API key provided: sk-upstream-secret" } };
    const event = `data: ${JSON.stringify(said)}\n\n`;
    harness = await startDataPlane(() => new Response(event, eventStream));
    const first = await (await harness.call({ ...halo, stream: true })).text();
    await harness.stop();
    harness = await startDataPlane(() => new Response(chunk({ content: "a" }) + event, eventStream));
    const { text } = await readStream(await harness.call({ ...halo, stream: true }));
    for (const shown of [first, text]) {
      expect(shown).toContain("Incorrect API key provided: [key]");
      expect(shown).not.toContain("upstream-secret");
    }
  });

  test("a record that cannot be kept ends the stream with an error instead of [DONE]", async () => {
    harness = await startDataPlane(
      () =>
        new Response(`${chunk({ content: "a" })}${chunk({}, { finish_reason: "stop" })}data: [DONE]\n\n`, eventStream),
    );
    harness.storage.down = true;
    const { events } = await readStream(await harness.call({ ...halo, stream: true }));
    expect(events).not.toContain("[DONE]");
    expect(JSON.parse(events.at(-1) ?? "{}").error.metadata.error_code).toBe("storage_unavailable");
  });

  test("a client that leaves stops the provider and is recorded once, with what it was sent", async () => {
    const left = Promise.withResolvers<void>();
    harness = await startDataPlane(
      (request) =>
        new Response(
          new ReadableStream({
            type: "direct",
            async pull(controller: { write(text: string): void; flush(): void }) {
              request.signal.addEventListener("abort", () => left.resolve());
              controller.write(chunk({ content: "a".repeat(40) }));
              controller.flush();
              await left.promise;
            },
          } as never),
          eventStream,
        ),
    );
    const leaving = new AbortController();
    const answer = await harness.call(
      { ...halo, stream: true },
      { signal: leaving.signal, headers: { authorization: `Bearer ${made.key}` } },
    );
    const reader = answer.body?.getReader();
    await reader?.read();
    leaving.abort();
    await left.promise;
    while (harness.kept.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(harness.kept).toHaveLength(1);
    expect(harness.kept[0]).toMatchObject({
      cancelled: true,
      status: 499,
      completionTokens: 10,
      tokensEstimated: true,
    });
    expect(harness.plane.busy).toBe(0);
  });
});

describe("when a provider fails before its first byte", () => {
  test("the next one that serves the model answers, and the record shows both attempts", async () => {
    harness = await startDataPlane(
      () => new Response("oops", { status: 500 }),
      () => Response.json(completion),
    );
    const answer = await harness.call(halo);
    expect(answer.status).toBe(200);
    expect((await bodyOf(answer)).provider).toBe("P1");
    expect(harness.kept[0]?.attempts.map(({ provider, status }) => [provider, status])).toEqual([
      ["p0", 500],
      ["p1", 200],
    ]);
  });

  test("what is wrong with the request itself is told at once, without what looks like a key", async () => {
    harness = await startDataPlane(
      () =>
        Response.json(
          { error: { message: "temperature is too high for sk-upstream-secret and sk-abcdefghij" } },
          { status: 400 },
        ),
      () => Response.json(completion),
    );
    const answer = await harness.call(halo);
    const { error } = await bodyOf(answer);
    expect(answer.status).toBe(400);
    expect(error.metadata.raw).toBe("temperature is too high for [key] and [key]");
    expect(harness.seen).toHaveLength(1);
  });

  test("each kind of failure has its own status", async () => {
    let status = 0;
    harness = await startDataPlane(
      () => new Response(null, { status, headers: { "retry-after": "7", location: "http://localhost:1/" } }),
    );
    const expected: [number, number, string][] = [
      [401, 502, "provider_auth"],
      [429, 429, "provider_rate_limited"],
      [500, 502, "provider_unavailable"],
      [503, 503, "provider_overloaded"],
      [504, 504, "provider_timeout"],
      [302, 502, "provider_unavailable"],
    ];
    for (const [upstream, client, code] of expected) {
      status = upstream;
      harness.pass(FORGIVEN_MS);
      const answer = await harness.call(halo);
      expect([answer.status, (await bodyOf(answer)).error.metadata.error_code]).toEqual([client, code]);
      if (client === 429 || client === 503) expect(answer.headers.get("retry-after")).toBe("7");
    }
  });

  test("an answer that is no completion is an error, not passed on", async () => {
    harness = await startDataPlane(() => Response.json({ hello: "world" }));
    const answer = await harness.call(halo);
    expect([answer.status, (await bodyOf(answer)).error.metadata.error_code]).toEqual([
      502,
      "provider_invalid_response",
    ]);
  });
});
