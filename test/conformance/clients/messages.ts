/** What a client of Anthropic's Messages understands, by the official package. */
import Anthropic from "@anthropic-ai/sdk";
import type { Message, StopReason } from "@anthropic-ai/sdk/resources/messages";
import type { Heard, Wire } from "../clients.ts";

const ENDINGS: Partial<Record<StopReason, string>> = {
  end_turn: "stop",
  max_tokens: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

export async function hearMessages({ status, headers, text }: Wire, streamed: boolean): Promise<Heard> {
  const answer = async () => new Response(text, { status, headers });
  const client = new Anthropic({ apiKey: "x", baseURL: "http://localhost", maxRetries: 0, fetch: answer });
  const request = { model: "m", max_tokens: 1, messages: [] };
  const message = streamed
    ? await client.messages.stream(request).finalMessage()
    : await client.messages.create(request);
  if (!streamed) return heard(message);
  if (text.split("event: message_stop\n").length !== 2) throw new Error("one stream has one end");
  const [, last = ""] = /event: message_delta\ndata: (.*)\n/.exec(text) ?? [];
  // The package adds up what Anthropic counts, and so leaves out what OpenRouter adds.
  return { ...heard(message), costUsd: (JSON.parse(last) as { usage: { cost: number } }).usage.cost };
}

function heard(message: Message): Heard {
  const { content, usage } = message;
  const cached = usage.cache_read_input_tokens ?? 0;
  return {
    thoughts: content.map((block) => (block.type === "thinking" ? block.thinking : "")).join(""),
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    refusal: "",
    calls: content.flatMap((block) =>
      block.type === "tool_use" ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    pictures: [],
    ending: ENDINGS[message.stop_reason ?? "pause_turn"] ?? String(message.stop_reason),
    usage: {
      prompt: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
      cached,
      completion: usage.output_tokens,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
    costUsd: (usage as typeof usage & { cost: number | null }).cost,
    turn: content.length === 0 ? [] : [{ role: "assistant", content }],
  };
}
