/** Amazon's Converse, with Claude behind it: binary frames, the usage after the end, no count of thoughts. */
import type { ContentBlock, StopReason, TokenUsage } from "@aws-sdk/client-bedrock-runtime";
import { type BedrockPiece, bedrockStream } from "../../support/upstreams/bedrock.ts";
import { pieces, type Told, type Voice } from "../told.ts";

const SEAL = "c2VhbC1vZi1hLW1vZGVsLW9uLWJlZHJvY2s=";
const ENDINGS: Record<Told["ending"], StopReason> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "guardrail_intervened",
};
type Input = NonNullable<NonNullable<ContentBlock.ToolUseMember["toolUse"]>["input"]>;

function usageOf({ usage }: Told): TokenUsage | undefined {
  if (usage === null) return undefined;
  const inputTokens = usage.prompt - usage.cached;
  return {
    inputTokens,
    outputTokens: usage.completion,
    totalTokens: usage.prompt + usage.completion,
    cacheReadInputTokens: usage.cached,
    cacheWriteInputTokens: 0,
  };
}

function whole(told: Told): BedrockPiece {
  const content: ContentBlock[] = [];
  if (told.thoughts) {
    content.push({ reasoningContent: { reasoningText: { text: told.thoughts, signature: SEAL } } });
  }
  if (told.text) content.push({ text: told.text });
  for (const { id, name, input } of told.calls)
    content.push({ toolUse: { toolUseId: id, name, input: input as Input } });
  const stopReason = ENDINGS[told.ending];
  return { whole: { output: { message: { role: "assistant", content } }, stopReason, usage: usageOf(told) } };
}

function stream(told: Told): BedrockPiece[] {
  let blocks = 0;
  const events: BedrockPiece[] = [{ event: { messageStart: { role: "assistant" } } }];
  const stop = () => events.push({ event: { contentBlockStop: { contentBlockIndex: blocks++ } } });
  if (told.thoughts) {
    for (const reasoningContent of [...pieces(told.thoughts).map((text) => ({ text })), { signature: SEAL }]) {
      events.push({ event: { contentBlockDelta: { contentBlockIndex: blocks, delta: { reasoningContent } } } });
    }
    stop();
  }
  if (told.text) {
    for (const text of pieces(told.text)) {
      events.push({ event: { contentBlockDelta: { contentBlockIndex: blocks, delta: { text } } } });
    }
    stop();
  }
  for (const { id, name, input } of told.calls) {
    const start = { toolUse: { toolUseId: id, name } };
    events.push({ event: { contentBlockStart: { contentBlockIndex: blocks, start } } });
    for (const piece of pieces(JSON.stringify(input))) {
      const delta = { toolUse: { input: piece } };
      events.push({ event: { contentBlockDelta: { contentBlockIndex: blocks, delta } } });
    }
    stop();
  }
  events.push({ event: { messageStop: { stopReason: ENDINGS[told.ending] } } });
  const usage = usageOf(told);
  events.push({ event: { metadata: { usage, metrics: { latencyMs: 7 } } } });
  return events;
}

export const converseVoice: Voice<BedrockPiece> = {
  form: bedrockStream,
  whole,
  stream,
  failure: (message) => ({ exception: "internalServerException", message }),
  refusal: (message) => ({
    body: { message, __type: "SomeException" },
    headers: { "x-amzn-errortype": "SomeException", "retry-after": "7" },
  }),
  unknown: { event: { sparkle: { sparkles: 3 } } } as unknown as BedrockPiece,
  seal: SEAL,
  cannot: ["refusal", "picture", "reasoning tokens"],
};
