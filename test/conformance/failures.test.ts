/** How providers fail, in every pair of dialects: the client is told the truth, in its own form, and nothing is laundered. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { APIError as AnthropicError } from "@anthropic-ai/sdk";
import { APIError as OpenAiError } from "openai";
import { ask, expected, hear, type Meeting } from "./asking.ts";
import { type ClientSide, clients } from "./clients.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import type { Story } from "./stories.ts";
import { told } from "./told.ts";
import { type UpstreamSide, upstreams } from "./upstreams.ts";

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(upstreams);
});
afterAll(() => gateway.stop());

const STORIES: readonly Story[] = [
  { title: "a text", told: told({ text: "Satu, dua, tiga 🎋 ꦠꦶꦒ." }), needs: [] },
  {
    title: "a call",
    told: told({ text: "Sebentar.", calls: [{ id: "call00009", name: "weather", input: { city: "Solo" } }] }),
    needs: ["calls"],
  },
];
const [TEXT] = STORIES;

/** What a provider's status becomes, and whether the client is told when to come back. */
const STATUSES: readonly { theirs: number; ours: number; waits: boolean }[] = [
  { theirs: 400, ours: 400, waits: false },
  { theirs: 401, ours: 502, waits: false },
  { theirs: 403, ours: 502, waits: false },
  { theirs: 404, ours: 400, waits: false },
  { theirs: 429, ours: 429, waits: true },
  { theirs: 500, ours: 502, waits: false },
  { theirs: 503, ours: 503, waits: true },
  { theirs: 529, ours: 503, waits: true },
];

type SdkError = OpenAiError | AnthropicError;
const isSdkError = (error: unknown): error is SdkError =>
  error instanceof OpenAiError || error instanceof AnthropicError;

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const pairs = clients.flatMap((client) =>
  upstreams
    .filter(({ leaves }) => !leaves?.includes(client.title))
    .map((side): [string, { client: ClientSide; side: UpstreamSide }] => [
      `${client.title} answered by ${side.title}`,
      { client, side },
    ]),
);

describe.each(pairs)("%s", (_, { client, side }) => {
  for (const streamed of [false, true]) {
    const meeting: Meeting = { client, side, streamed };

    test.each(STATUSES)(
      `a refusal with $theirs becomes $ours in the client's own form, ${streamed ? "streamed" : "whole"}`,
      async ({ theirs, ours, waits }) => {
        const message = `Because. The key was ${side.credential}.`;
        gateway.upstream(side).playing.play(told({}), { kind: "refused", status: theirs, message }, streamed);
        const wire = await ask(gateway, meeting, client.rich);
        const error = await failureOf(client.hear(wire, streamed));
        expect(isSdkError(error) && error.status).toBe(ours);
        expect(wire.headers.get("content-type")).toContain("application/json");
        expect(wire.headers.get("retry-after")).toBe(waits ? "7" : null);
        expect(JSON.parse(wire.text)).toMatchObject(
          client.title === "/messages"
            ? { type: "error", error: { type: expect.any(String), message: expect.any(String) } }
            : { error: { code: ours, message: expect.any(String) } },
        );
        expect(wire.text).not.toContain(side.credential);
        expect(gateway.last()).toMatchObject({ status: ours, costNano: 0n });
      },
    );
  }

  const meeting: Meeting = { client, side, streamed: true };
  const possible = STORIES.filter(({ needs }) => needs.every((kind) => !client.cannot.includes(kind)));

  test.each(["cut", "broken", "failure"] as const)(
    "a stream that is %s anywhere is an error for the client, unless all was said",
    async (kind) => {
      let failures = 0;
      for (const story of possible) {
        for (let events = 0; events <= side.length(story.told); events++) {
          const course = { kind, events };
          try {
            expect(await hear(gateway, meeting, { told: story.told, course })).toMatchObject(expected(meeting, story));
          } catch (error) {
            if (!isSdkError(error)) throw error;
            failures++;
            expect(gateway.last().errorCode).toStartWith("provider_");
          }
        }
        // Until its last words a story is not told.
        expect(failures).toBeGreaterThan(side.length(story.told) / 2);
      }
    },
  );

  test("an error in the middle stands behind the words that came before it", async () => {
    const text = TEXT!.told;
    gateway.upstream(side).playing.play(text, { kind: "failure", events: side.length(text) - 2 }, true);
    const wire = await ask(gateway, meeting, client.rich);
    expect(wire.status).toBe(200);
    expect(wire.text).toContain("Satu");
    for (const end of ["[DONE]", "message_stop", '"finish_reason":"stop"', "response.completed"]) {
      expect(wire.text).not.toContain(end);
    }
    expect(wire.text.match(/"error":\{/g)?.length).toBeGreaterThan(0);
  });
});

test.each(clients.map((client) => [client.title, client] as const))(
  "a client of %s that leaves stops every provider",
  async (_, client) => {
    const sides = upstreams.filter(({ leaves }) => !leaves?.includes(client.title));
    const own = await startGateway(sides);
    for (const side of sides) {
      const { playing, model } = own.upstream(side);
      playing.play(TEXT!.told, { kind: "silence", events: side.length(TEXT!.told) - 2 }, true);
      const answer = await own.call(client.path, { ...client.rich, model, stream: true });
      const reader = answer.body!.getReader();
      await reader.read();
      await reader.cancel();
      await playing.left();
      expect(own.last()).toMatchObject({ cancelled: true, status: 499, errorCode: null });
    }
    await own.stop();
  },
);
