/** What the record of a request tells of it, beyond tokens and cost. */
import { afterEach, expect, test } from "bun:test";
import {
  chunk,
  completion,
  eventStream,
  halo,
  readStream,
  record,
  startDataPlane,
  usageEvent,
} from "../../test/support/data-plane.ts";
import { systemClock } from "../kernel/clock.ts";
import { nothingOwed } from "./bill.ts";
import { openCall, usageRecord } from "./call.ts";
import { openAiChat } from "./ingress/openai-chat/dialect.ts";

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

const picture = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };

test("tier, media, the provider's cost and cache writes are recorded, streamed and whole", async () => {
  const usage = {
    ...completion.usage,
    cost: 0.25,
    prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 3 },
    completion_tokens_details: { image_tokens: 1 },
  };
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
  const plane = await startDataPlane((_, body) => {
    if (!body.includes('"stream":true')) {
      const [choice] = completion.choices;
      const choices = [{ ...choice, message: { ...choice?.message, images: [image] } }];
      return Response.json({ ...completion, choices, usage, service_tier: "priority" });
    }
    const first = chunk({ content: "Ba", images: [image] }).replace('"model"', '"service_tier":"priority","model"');
    const last = usageEvent.replace(JSON.stringify(completion.usage), JSON.stringify(usage));
    return new Response(first + chunk({ content: "ik" }, { finish_reason: "stop" }) + last, eventStream);
  });
  stop = plane.stop;
  const messages = [{ role: "user", content: [{ type: "text", text: "Halo" }, picture] }];
  expect((await plane.call({ ...halo, messages })).status).toBe(200);
  await readStream(await plane.call({ ...halo, messages, stream: true }));
  expect(plane.kept).toHaveLength(2);
  for (const record of plane.kept) {
    expect(record).toMatchObject({
      serviceTier: "priority",
      mediaPrompt: 1,
      audioPrompt: 0,
      mediaCompletion: 1,
      imageCompletionTokens: 1,
      cacheWriteTokens: 3,
      upstreamCostNano: 250_000_000n,
      cacheDiscountNano: null,
      providerSlug: "p0",
    });
  }
});

test("the provider's time leaves out what failed attempts before it took, and is none where nobody answered", () => {
  const timeOf = (waitedMs: number | null) => {
    const call = openCall(
      new Request("http://localhost/"),
      { arrival: { requestId: "req_1", clientAddress: () => "unknown" }, client: openAiChat },
      systemClock,
    );
    call.answeringSinceMs = waitedMs === null ? null : call.startedMs + waitedMs;
    const end = { status: 200, errorCode: null, cancelled: false, finishReason: null, nativeFinishReason: null };
    return usageRecord(call, record, { ...end, ...nothingOwed("refused"), latencyMs: 500 }).generationTimeMs;
  };
  expect(timeOf(0)).toBe(500);
  expect(timeOf(250)).toBe(250);
  expect(timeOf(null)).toBeNull();
});
