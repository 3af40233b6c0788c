import { expect, test } from "bun:test";
import { chunk, eventStream } from "../../../test/support/data-plane.ts";
import { openAiChat } from "../ingress/openai-chat/dialect.ts";
import { readJsonBody } from "../ingress/read-body.ts";
import { Outgoing } from "../prepare.ts";
import { chatDialect } from "../providers/openai-compatible/chat-dialect.ts";
import { PLAIN } from "../providers/openai-compatible/quirks.ts";
import { openStream } from "./beginning.ts";
import { HOLD_BACK_MS } from "./hold-back.ts";

const endpoint = {
  ...{ providerSlug: "p", providerName: "P", modelId: "acme/m", upstreamModel: "m", price: null },
  ...{ tag: "p", providerNames: ["p"], dataPolicy: {}, reason: "named" as const },
};

/** With "silence" the stream stays open behind the pieces, and time passes until nothing is held back any more. */
async function opened(pieces: readonly string[], endsIn: "end" | "silence" = "end") {
  const asked = JSON.stringify({ model: "acme/m", messages: [{ role: "user", content: "Halo" }], stream: true });
  const request = new Request("http://localhost/", { method: "POST", body: asked });
  const body = await readJsonBody(request, { maxBytes: 1_000, maxDepth: 10 });
  const outgoing = new Outgoing(openAiChat, openAiChat.read(body, { exampleModel: "m", modelsUrl: "" }));
  const left = [...pieces];
  let passTime: () => unknown = () => {};
  const source = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const piece = left.shift();
        if (piece === undefined) {
          if (endsIn === "end") controller.close();
          else passTime();
        } else controller.enqueue(new TextEncoder().encode(piece));
      },
    },
    { highWaterMark: 0 },
  );
  let signsOfLife = 0;
  let emptyEvents = 0;
  const answer = new Response(source, eventStream);
  const onLife = () => {
    signsOfLife++;
  };
  const asking = { outgoing, upstream: chatDialect(PLAIN), endpoint, secret: null };
  const onEmptyEvent = () => {
    emptyEvents++;
  };
  const later = (waitMs: number, onDue: () => void) => {
    passTime = () => waitMs === HOLD_BACK_MS && onDue();
    return () => {};
  };
  const begun = openStream(asking, answer, { onLife, onEmptyEvent, later });
  const end = await begun.then(
    ({ firstBatch }) => firstBatch.length,
    (error) => error.code,
  );
  return { end, signsOfLife, emptyEvents };
}

test("a comment is a sign of life and no beginning", async () => {
  expect(await opened([": working\n\n", ": working\n\n", chunk({ content: "Halo" })])).toEqual({
    end: 1,
    signsOfLife: 2,
    emptyEvents: 0,
  });
});

test("comments alone are no answer", async () => {
  expect((await opened([": working\n\n"])).end).toBe("provider_invalid_response");
});

const role = chunk({ role: "assistant", content: "" });

test("a stream begins with a word: what comes before it is kept", async () => {
  const pieces = [role, chunk({ content: "Halo" }), chunk({ content: "!" })];
  expect(await opened(pieces)).toEqual({ end: 2, signsOfLife: 0, emptyEvents: 1 });
});

test.each([
  ["a failure", 'data: {"error":{"message":"overloaded","code":502}}\n\n', "provider_unavailable"],
  ["rubbish", "data: {]\n\n", "provider_invalid_response"],
  ["an end that is none", "data: [DONE]\n\n", "provider_invalid_response"],
  ["the end of the connection", "", "provider_invalid_response"],
])("%s behind an event without a word is one of the beginning", async (_title, after, code) => {
  expect((await opened([role, after])).end).toBe(code);
});

test("an answer without a word that says why it ended is one", async () => {
  expect((await opened([role, chunk({}, { finish_reason: "stop" })])).end).toBe(2);
  expect((await opened([role, chunk({}, { finish_reason: "stop" }), "data: [DONE]\n\n"])).end).toBe(3);
});

test("what says nothing is held back for so long, and no more than so much of it", async () => {
  expect(await opened([role, role], "silence")).toEqual({ end: 2, signsOfLife: 0, emptyEvents: 2 });
  // The client of a provider that sends only comments while it thinks hears of that too.
  expect(await opened([": working\n\n"], "silence")).toEqual({ end: 0, signsOfLife: 1, emptyEvents: 0 });
  const many = Array.from({ length: 1_000 }, () => role);
  expect((await opened(many)).end).toBe(200);
  const long = Array.from({ length: 100 }, () =>
    chunk({ role: "assistant", content: "" }, { padding: "x".repeat(100_000) }),
  );
  expect((await opened(long)).end).toBe(21);
});

test.each([
  ["a word", { content: "Halo" }],
  ["a thought", { reasoning: "Hm" }],
  ["a call of a tool", { tool_calls: [{ index: 0, id: "c", function: { name: "search", arguments: "" } }] }],
  ["a call of a function", { function_call: { name: "search", arguments: "" } }],
  ["a picture", { images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }] }],
  ["a sound", { audio: { id: "a", data: "AA==" } }],
])("%s is not held back", async (_title, delta) => {
  expect((await opened([role, chunk(delta)], "silence")).emptyEvents).toBe(1);
});
