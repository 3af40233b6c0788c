/** `@openrouter/sdk`, whose own schemas parse every answer: chat here, all other operations in files of their own. */
import { OpenRouter } from "@openrouter/sdk";
import {
  failureOf,
  HALO,
  MODEL,
  must,
  mustBeWeather,
  PIXEL,
  type Scenario,
  SLOW,
  type Surroundings,
  WEATHER_SCHEMA,
} from "./scenario.ts";

const client = "@openrouter/sdk";
const connect = ({ url, apiKey }: Surroundings) =>
  new OpenRouter({ apiKey, serverURL: `${url}/api/v1`, retryConfig: { strategy: "none" } });
const messages = [{ role: "user" as const, content: HALO }];
const weather = { type: "function" as const, function: { name: "weather", parameters: WEATHER_SCHEMA } };

type ChatRequest = Parameters<OpenRouter["chat"]["send"]>[0]["chatRequest"];

async function whole(around: Surroundings, request: Partial<ChatRequest>) {
  const answer = await connect(around).chat.send({
    chatRequest: { model: MODEL, messages, ...request, stream: false },
  });
  must("choices" in answer, "an answer comes");
  const message = answer.choices[0]?.message;
  must(message !== undefined, "the answer has a message");
  return message;
}

async function streamOf(around: Surroundings, request: Partial<ChatRequest>) {
  const stream = await connect(around).chat.send({ chatRequest: { model: MODEL, messages, ...request, stream: true } });
  must(Symbol.asyncIterator in stream, "a stream comes");
  return stream;
}

export const openRouterSdkScenarios: readonly Scenario[] = [
  {
    client,
    operation: "whole",
    run: async (around) => {
      const { content } = await whole(around, {});
      must(typeof content === "string" && content.includes("sandbox"), "the answer has words");
    },
  },
  {
    client,
    operation: "streamed",
    run: async (around) => {
      let words = "";
      let usages = 0;
      for await (const chunk of await streamOf(around, {})) {
        words += chunk.choices[0]?.delta.content ?? "";
        if (chunk.usage) usages++;
      }
      must(words.includes("sandbox") && usages === 1, "the stream has words, and usage once");
    },
  },
  {
    client,
    operation: "tools",
    run: async (around) => {
      const { toolCalls } = await whole(around, { tools: [weather], toolChoice: "required" });
      const call = toolCalls?.[0];
      must(call !== undefined && "function" in call, "a tool was called");
      mustBeWeather(call.function.arguments);
      const asked = { role: "assistant" as const, content: null, toolCalls };
      const result = { role: "tool" as const, toolCallId: call.id, content: "31 degrees" };
      const { content } = await whole(around, { messages: [...messages, asked, result], tools: [weather] });
      must(String(content).includes("31 degrees"), "the result is taken in");
    },
  },
  {
    client,
    operation: "structured output",
    run: async (around) => {
      const jsonSchema = { name: "weather", schema: WEATHER_SCHEMA, strict: true };
      const { content } = await whole(around, { responseFormat: { type: "json_schema", jsonSchema } });
      mustBeWeather(String(content));
    },
  },
  {
    client,
    operation: "image",
    run: async (around) => {
      const image = { type: "image_url" as const, imageUrl: { url: `data:image/png;base64,${PIXEL}` } };
      const content = [{ type: "text" as const, text: "What is this?" }, image];
      const message = await whole(around, { messages: [{ role: "user", content }] });
      must(/image/i.test(String(message.content)), "the picture was seen");
    },
  },
  {
    client,
    operation: "errors",
    run: async (around) => {
      const status = async (call: () => PromiseLike<unknown>) => {
        const error = await failureOf(call);
        return typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : error;
      };
      must((await status(() => whole(around, { model: "nobody/knows-this" }))) === 400, "an unknown model is a 400");
      must((await status(() => whole({ ...around, apiKey: "gpr_wrong" }, {}))) === 401, "a wrong key is a 401");
      const limited = [{ role: "user" as const, content: "[sandbox: status=429] Halo" }];
      must((await status(() => whole(around, { messages: limited }))) === 429, "a rate limit is a 429");
    },
  },
  {
    client,
    operation: "abort",
    run: async (around) => {
      let id = "";
      for await (const chunk of await streamOf(around, { messages: [{ role: "user", content: SLOW }] })) {
        id = chunk.id;
        break;
      }
      await around.sawClientLeave(id);
    },
  },
];
