import { afterEach, expect, test } from "bun:test";
import { completion, type Harness, halo, made, startDataPlane } from "../../../test/support/data-plane.ts";

let harness: Harness;
afterEach(() => harness.stop());

const tooLong = () =>
  Response.json(
    { detail: [{ loc: ["body", "messages"], msg: "This model's maximum context length is 10 tokens" }] },
    { status: 422 },
  );

/** The same request to the three chat-like endpoints. */
async function everywhere(): Promise<{ status: number; body: unknown }[]> {
  const bodies: [string, object][] = [
    ["chat/completions", halo],
    ["messages", { ...halo, max_tokens: 5 }],
    ["responses", { model: halo.model, input: "Halo" }],
  ];
  const headers = { authorization: `Bearer ${made.key}`, "content-type": "application/json" };
  return Promise.all(
    bodies.map(async ([path, body]) => {
      const url = harness.url.replace("chat/completions", path);
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      return { status: answer.status, body: await answer.json() };
    }),
  );
}

test("a prompt too long for one provider of a model is answered by the next", async () => {
  harness = await startDataPlane(tooLong, () => Response.json(completion));
  const answer = await harness.call(halo);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ provider: "P1", choices: [{ message: { content: "Baik!" } }] });
});

test("a prompt too long for all of them is told in each dialect's own shape, with the provider's words", async () => {
  harness = await startDataPlane(tooLong, tooLong);
  const words = expect.stringContaining("body.messages: This model's maximum context length is 10 tokens");
  expect(await everywhere()).toMatchObject([
    {
      status: 400,
      body: { error: { code: 400, message: words, metadata: { error_type: "context_length_exceeded" } } },
    },
    {
      status: 400,
      body: {
        type: "error",
        error: { type: "invalid_request_error", error_type: "context_length_exceeded", message: words },
      },
    },
    { status: 400, body: { error: { message: words } } },
  ]);
});

test("what a filter refuses goes to no other provider", async () => {
  harness = await startDataPlane(
    () => Response.json({ error: { message: "Content Exists Risk" } }, { status: 400 }),
    () => Response.json(completion),
  );
  const answer = await harness.call(halo);
  expect(await answer.json()).toMatchObject({
    error: { code: 400, metadata: { error_type: "content_policy_violation" } },
  });
  expect(harness.seen).toHaveLength(1);
});

test("a server that is still loading its model is told of as overloaded, with the wait that it asks for", async () => {
  const body = { error: { code: 503, message: "Loading model", type: "unavailable_error" } };
  harness = await startDataPlane(() => Response.json(body, { status: 503, headers: { "retry-after-ms": "2500" } }));
  const answer = await harness.call(halo);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "3"]);
});
