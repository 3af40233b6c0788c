import { expect, test } from "bun:test";
import { chunk, eventStream } from "../../../test/support/data-plane.ts";
import { openAiChat } from "../ingress/openai-chat/dialect.ts";
import { readJsonBody } from "../ingress/read-body.ts";
import { Outgoing } from "../prepare.ts";
import { chatDialect } from "../providers/openai-compatible/chat-dialect.ts";
import { PLAIN } from "../providers/openai-compatible/quirks.ts";
import { openStream } from "./beginning.ts";

const endpoint = {
  ...{ providerSlug: "p", providerName: "P", modelId: "acme/m", upstreamModel: "m", price: null },
  ...{ tag: "p", providerNames: ["p"], dataPolicy: {}, reason: "named" as const },
};

async function opened(pieces: readonly string[], untilToken = false) {
  const asked = JSON.stringify({ model: "acme/m", messages: [{ role: "user", content: "Halo" }], stream: true });
  const request = new Request("http://localhost/", { method: "POST", body: asked });
  const body = await readJsonBody(request, { maxBytes: 1_000, maxDepth: 10 });
  const outgoing = new Outgoing(openAiChat, openAiChat.read(body, { exampleModel: "m", modelsUrl: "" }));
  const left = [...pieces];
  const source = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const piece = left.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(piece));
      },
    },
    { highWaterMark: 0 },
  );
  let signsOfLife = 0;
  const answer = new Response(source, eventStream);
  const onLife = () => {
    signsOfLife++;
  };
  const asking = { outgoing, upstream: chatDialect(PLAIN), endpoint, secret: null };
  const begun = openStream(asking, answer, { onLife, untilToken });
  const end = await begun.then(
    ({ firstBatch }) => firstBatch.length,
    (error) => error.code,
  );
  return { end, signsOfLife };
}

test("a comment is a sign of life and no beginning", async () => {
  expect(await opened([": working\n\n", ": working\n\n", chunk({ content: "Halo" })])).toEqual({
    end: 1,
    signsOfLife: 2,
  });
});

test("comments alone are no answer", async () => {
  expect((await opened([": working\n\n"])).end).toBe("provider_invalid_response");
});

test("who races another begins with a word: what comes before it is kept, and a failure there is one of the beginning", async () => {
  const role = chunk({ role: "assistant", content: "" });
  const failure = 'data: {"error":{"message":"overloaded","code":502}}\n\n';
  expect((await opened([role, chunk({ content: "Halo" }), chunk({ content: "!" })])).end).toBe(1);
  expect((await opened([role, chunk({ content: "Halo" }), chunk({ content: "!" })], true)).end).toBe(2);
  expect((await opened([role, failure])).end).toBe(1);
  expect((await opened([role, failure], true)).end).toBe("provider_unavailable");
});
