/** Every story, from every provider dialect to every client dialect, whole and streamed: the client hears the same. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ask, expected, hear, type Meeting } from "./asking.ts";
import { type ClientSide, clients, type Heard } from "./clients.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { type Story, stories } from "./stories.ts";
import { told } from "./told.ts";
import { type Course, type UpstreamSide, upstreams } from "./upstreams.ts";

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(upstreams);
});
afterAll(() => gateway.stop());

const WHOLE: Course = { kind: "whole story" };

function expectCounts({ usage, costUsd }: Heard, { side }: Meeting, { told }: Story): void {
  if (told.usage === null) {
    expect(usage).toMatchObject({ prompt: expect.any(Number), cached: 0, reasoning: 0 });
    expect(usage.completion).toBeGreaterThan(0);
    return;
  }
  const { prompt, cached, completion } = told.usage;
  expect(usage).toEqual({ ...told.usage, ...(side.cannot.includes("reasoning tokens") ? { reasoning: 0 } : {}) });
  const nano = (prompt - cached) * 2_000 + cached * 200 + completion * 10_000;
  expect(costUsd).toBeCloseTo(nano / 1e9, 12);
  expect(gateway.last()).toMatchObject({ costNano: BigInt(nano), cachedTokens: cached });
}

const tellable = (client: ClientSide, side: UpstreamSide) =>
  stories.filter(({ needs }) => needs.every((kind) => !side.cannot.includes(kind) && !client.cannot.includes(kind)));

for (const client of clients) {
  for (const side of upstreams.filter(({ leaves }) => !leaves?.includes(client.title))) {
    describe(`${client.title} answered by ${side.title}`, () => {
      for (const streamed of [false, true]) {
        const meeting = { client, side, streamed };
        const how = streamed ? "streamed" : "whole";

        test.each(tellable(client, side).map((story) => [story.title, story] as const))(
          `%s arrives ${how}, with its tokens and its cost`,
          async (_, story) => {
            const heard = await hear(gateway, meeting, { told: story.told, course: WHOLE });
            expect(heard).toMatchObject(expected(meeting, story));
            expectCounts(heard, meeting, story);
          },
        );

        test(`what nobody knows yet changes nothing of what is known, ${how}`, async () => {
          for (const story of tellable(client, side)) {
            const course: Course = { kind: "whole story", hasNews: true, cutBytes: 11 };
            expect(await hear(gateway, meeting, { told: story.told, course })).toMatchObject(expected(meeting, story));
          }
        });

        if (!client.cannot.includes("calls") && !side.cannot.includes("thoughts")) {
          test(`thoughts and calls, ${how}, go back to the provider with its own seal`, async () => {
            const { playing } = gateway.upstream(side);
            for (const { told } of stories.filter(({ needs }) => needs.includes("thoughts"))) {
              playing.play(told, WHOLE, streamed);
              const heard = await client.hear(await ask(gateway, meeting, client.plain), streamed);
              const wire = await ask(gateway, meeting, client.next(heard));
              expect([wire.status, wire.status === 200 ? "" : wire.text]).toEqual([200, ""]);
              const sent = JSON.stringify(playing.seen.at(-1)?.body);
              // A plain server has a place for the words alone, and the client is told so.
              const isTold = wire.headers.get("x-gapura-dropped-parameters")?.includes("reasoning_details") ?? false;
              expect([sent.includes(side.seal), isTold]).toEqual(side.losesSeals ? [false, true] : [true, false]);
              expect(sent).toContain(JSON.stringify(told.thoughts));
              for (const { id } of told.calls) expect(sent.split(id).length).toBeGreaterThan(2);
            }
          });
        }
      }
    });
  }
}

test("every kind of content has a story, and each dialect can tell most of them", () => {
  expect(new Set(stories.flatMap(({ needs }) => needs))).toEqual(
    new Set(["calls", "thoughts", "picture", "refusal", "no usage"]),
  );
  for (const side of upstreams) expect(stories.length - side.cannot.length).toBeGreaterThan(8);
  expect(told({}).ending).toBe("stop");
});
