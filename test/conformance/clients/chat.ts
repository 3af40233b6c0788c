/** What a client of OpenAI's chat completions, or of the older text completions, understands. */
import OpenAI from "openai";
import type { ChatCompletion, ChatCompletionChunk, ChatCompletionMessage } from "openai/resources/chat/completions";
import type { Heard, Wire } from "../clients.ts";

/** OpenRouter's additions. */
interface Thinking {
  reasoning?: string;
  reasoning_details?: (Record<string, unknown> & { index: number })[];
  images?: { image_url: { url: string } }[];
}
type Usage = NonNullable<ChatCompletion["usage"]> & { cost: number | null };

/** The official client, which finds this answer behind its address. */
function official({ status, headers, text }: Wire): OpenAI {
  const answer = async () => new Response(text, { status, headers });
  return new OpenAI({ apiKey: "x", baseURL: "http://localhost/v1", maxRetries: 0, fetch: answer });
}

export async function hearChat(wire: Wire, streamed: boolean): Promise<Heard> {
  const request = { model: "m", messages: [] };
  const { chat } = official(wire);
  if (!streamed) return heardCompletion(await chat.completions.create(request), {});
  const thinking: Thinking = {};
  const runner = chat.completions.stream(request);
  runner.on("chunk", (chunk) => gather(thinking, chunk));
  const final = await runner.finalChatCompletion();
  checkEnds(wire.text);
  return heardCompletion(final, thinking);
}

/** One usage, one end, and the role with the first chunk. */
function checkEnds(text: string): void {
  const events = text.split("\n\n").filter((event) => event.startsWith("data: "));
  const dones = events.filter((event) => event === "data: [DONE]").length;
  const usages = events.filter((event) => event.includes('"usage":{')).length;
  const roles = events.filter((event) => event.includes('"role":"assistant"')).length;
  if (dones !== 1 || usages !== 1 || roles !== 1 || !events[0]?.includes('"role":"assistant"')) {
    throw new Error(`${dones} ends, ${usages} usages, ${roles} roles in ${text}`);
  }
  if (events.at(-1) !== "data: [DONE]") throw new Error("something comes behind the end");
}

/** Details of the same index belong together, as OpenRouter documents it. */
function gather(thinking: Thinking, chunk: ChatCompletionChunk): void {
  const delta = (chunk.choices[0]?.delta ?? {}) as Thinking;
  if (delta.reasoning) thinking.reasoning = (thinking.reasoning ?? "") + delta.reasoning;
  if (delta.images) thinking.images = [...(thinking.images ?? []), ...delta.images];
  for (const detail of delta.reasoning_details ?? []) {
    thinking.reasoning_details ??= [];
    const open = thinking.reasoning_details.find(({ index }) => index === detail.index);
    if (open === undefined) thinking.reasoning_details.push({ ...detail });
    else {
      for (const name of ["text", "summary"]) if (name in detail) open[name] = `${open[name]}${detail[name]}`;
      if (detail.signature) open.signature = detail.signature;
    }
  }
}

function heardCompletion(completion: ChatCompletion, streamed: Thinking): Heard {
  const choice = completion.choices[0]!;
  const message: ChatCompletionMessage & Thinking = { ...choice.message, ...streamed };
  // The package's own helper for what it parsed, which is no part of the dialect.
  if ("parsed" in message) delete message.parsed;
  const calls = (message.tool_calls ?? []).flatMap((call) =>
    call.type === "function"
      ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) }]
      : [],
  );
  return {
    thoughts: message.reasoning ?? "",
    text: message.content ?? "",
    refusal: message.refusal ?? "",
    calls,
    pictures: (message.images ?? []).map(({ image_url: { url } }) => url.slice(url.indexOf(",") + 1)),
    ending: choice.finish_reason,
    ...counted(completion.usage as Usage),
    turn: [message],
  };
}

function counted(usage: Usage): Pick<Heard, "usage" | "costUsd"> {
  return {
    usage: {
      prompt: usage.prompt_tokens,
      cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
      completion: usage.completion_tokens,
      reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    },
    costUsd: usage.cost,
  };
}

export async function hearCompletion(wire: Wire, streamed: boolean): Promise<Heard> {
  type Choice = OpenAI.CompletionChoice & { reasoning?: string };
  const request = { model: "m", prompt: "" };
  const client = official(wire);
  const heard = { thoughts: "", text: "", refusal: "", calls: [], pictures: [], ending: "", turn: [] };
  const take = (choice: Choice | undefined) => {
    heard.text += choice?.text ?? "";
    heard.thoughts += choice?.reasoning ?? "";
    heard.ending = choice?.finish_reason ?? heard.ending;
  };
  if (!streamed) {
    const whole = await client.completions.create(request);
    take(whole.choices[0]);
    return { ...heard, ...counted(whole.usage as Usage) };
  }
  let usage: Usage | undefined;
  for await (const chunk of await client.completions.create({ ...request, stream: true })) {
    take(chunk.choices[0]);
    if (chunk.usage) usage = chunk.usage as Usage;
  }
  if (!usage) throw new Error("a stream without usage");
  return { ...heard, ...counted(usage) };
}
