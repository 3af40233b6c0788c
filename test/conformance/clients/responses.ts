/** What a client of OpenAI's Responses API understands, by the official package. */
import OpenAI from "openai";
import type { Response as OpenAiResponse, ResponseReasoningItem } from "openai/resources/responses/responses";
import type { Heard, Wire } from "../clients.ts";

export async function hearResponses({ status, headers, text }: Wire, streamed: boolean): Promise<Heard> {
  // The package gives up at kinds of events that are newer than itself.
  const known = text.replace(/event: response\.sparkle.*\ndata: .*\n\n/g, "");
  const answer = async () => new Response(known, { status, headers });
  const client = new OpenAI({ apiKey: "x", baseURL: "http://localhost/v1", maxRetries: 0, fetch: answer });
  const request = { model: "m", input: "" };
  if (!streamed) return heard(await client.responses.create(request));
  const accumulated = await client.responses.stream(request).finalResponse();
  checkPieces(text, accumulated);
  return heard(accumulated);
}

/** The pieces of a stream say what its last event repeats: the package takes the latter's word for it. */
function checkPieces(text: string, { output }: OpenAiResponse): void {
  const events = text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map(
      (line) => JSON.parse(line.slice("data: ".length)) as { type: string; delta?: string; sequence_number: number },
    );
  const joined = (type: string) =>
    events
      .filter((event) => event.type === type)
      .map(({ delta }) => delta)
      .join("");
  const parts = output.flatMap((item) => (item.type === "message" ? item.content : []));
  const wanted = parts.map((part) => (part.type === "output_text" ? part.text : "")).join("");
  if (joined("response.output_text.delta") !== wanted) throw new Error("the pieces are not the whole text");
  const refusal = parts.map((part) => (part.type === "refusal" ? part.refusal : "")).join("");
  if (joined("response.refusal.delta") !== refusal) throw new Error("the pieces are not the whole refusal");
  const last = events.at(-1)?.type;
  if (last !== "response.completed" && last !== "response.incomplete") throw new Error(`the last event is ${last}`);
  const risen = events.every(
    ({ sequence_number }, at) => at === 0 || sequence_number > events[at - 1]!.sequence_number,
  );
  if (!risen) throw new Error("the numbers of the events do not rise");
}

function heard(response: OpenAiResponse): Heard {
  const { output, usage } = response;
  if (!usage) throw new Error("a response without usage");
  const parts = output.flatMap((item) => (item.type === "message" ? item.content : []));
  const calls = output.flatMap((item) =>
    item.type === "function_call" ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }] : [],
  );
  return {
    thoughts: output.map((item) => (item.type === "reasoning" ? thoughtsOf(item) : "")).join(""),
    text: parts.map((part) => (part.type === "output_text" ? part.text : "")).join(""),
    refusal: parts.map((part) => (part.type === "refusal" ? part.refusal : "")).join(""),
    calls,
    pictures: output.flatMap((item) => (item.type === "image_generation_call" ? [item.result ?? ""] : [])),
    ending: endingOf(response, calls.length > 0),
    usage: {
      prompt: usage.input_tokens,
      cached: usage.input_tokens_details.cached_tokens,
      completion: usage.output_tokens,
      reasoning: usage.output_tokens_details.reasoning_tokens,
    },
    costUsd: (usage as typeof usage & { cost: number | null }).cost,
    // Without what the package adds for convenience, which is no part of the dialect.
    turn: JSON.parse(JSON.stringify(output, (name, value) => (name.startsWith("parsed") ? undefined : value))),
  };
}

function thoughtsOf({ summary, content }: ResponseReasoningItem): string {
  return [...summary, ...(content ?? [])].map(({ text }) => text).join("");
}

function endingOf({ status, incomplete_details }: OpenAiResponse, hasCalls: boolean): string {
  if (status === "completed") return hasCalls ? "tool_calls" : "stop";
  const reason = incomplete_details?.reason;
  return reason === "max_output_tokens" ? "length" : String(reason ?? status);
}
