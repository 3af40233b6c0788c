/** The `openai` package, chat completions. */
import OpenAI, { APIUserAbortError, AuthenticationError, BadRequestError, RateLimitError } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
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

const client = "openai (chat)";
const connect = ({ url, apiKey }: Surroundings) => new OpenAI({ baseURL: `${url}/api/v1`, apiKey, maxRetries: 0 });
const messages = [{ role: "user" as const, content: HALO }];
const weather = { type: "function" as const, function: { name: "weather", parameters: WEATHER_SCHEMA } };
const recipe = z.object({ title: z.string(), minutes: z.number().int(), steps: z.array(z.string()).min(1) });

export const openAiChatScenarios: readonly Scenario[] = [
  {
    client,
    operation: "whole",
    run: async (around) => {
      const answer = await connect(around).chat.completions.create({ model: MODEL, messages });
      must((answer.choices[0]?.message.content ?? "").includes("sandbox"), "the answer has words");
      must((answer.usage?.total_tokens ?? 0) > 0, "the answer has usage");
    },
  },
  {
    client,
    operation: "streamed",
    run: async (around) => {
      const stream = await connect(around).chat.completions.create({ model: MODEL, messages, stream: true });
      let words = "";
      let usages = 0;
      for await (const chunk of stream) {
        words += chunk.choices[0]?.delta.content ?? "";
        if (chunk.usage) usages++;
      }
      must(words.includes("sandbox"), "the stream has words");
      must(usages === 1, "usage comes once");
    },
  },
  {
    client,
    operation: "tools",
    run: async (around) => {
      const chat = connect(around).chat.completions;
      const first = await chat.create({ model: MODEL, messages, tools: [weather], tool_choice: "required" });
      const message = first.choices[0]?.message;
      const call = message?.tool_calls?.[0];
      must(message !== undefined && call?.type === "function", "a tool was called");
      mustBeWeather(call.function.arguments);
      const result = { role: "tool" as const, tool_call_id: call.id, content: "31 degrees" };
      const second = await chat.create({ model: MODEL, messages: [...messages, message, result], tools: [weather] });
      must((second.choices[0]?.message.content ?? "").includes("31 degrees"), "the result is taken in");
    },
  },
  {
    client,
    operation: "structured output",
    run: async (around) => {
      const response_format = zodResponseFormat(recipe, "recipe");
      const answer = await connect(around).chat.completions.parse({ model: MODEL, messages, response_format });
      recipe.parse(answer.choices[0]?.message.parsed);
    },
  },
  {
    client,
    operation: "image",
    run: async (around) => {
      const image = { type: "image_url" as const, image_url: { url: `data:image/png;base64,${PIXEL}` } };
      const content = [{ type: "text" as const, text: "What is this?" }, image];
      const answer = await connect(around).chat.completions.create({
        model: MODEL,
        messages: [{ role: "user", content }],
      });
      must(/image/i.test(answer.choices[0]?.message.content ?? ""), "the picture was seen");
    },
  },
  {
    client,
    operation: "errors",
    run: async (around) => {
      const openai = connect(around);
      const asking = (more: object) =>
        failureOf(() => openai.chat.completions.create({ model: MODEL, messages, ...more }));
      must((await asking({ model: "nobody/knows-this" })) instanceof BadRequestError, "an unknown model is a 400");
      must((await asking({ sandbox: { status: 429 } })) instanceof RateLimitError, "a rate limit is a 429");
      const stranger = openai.withOptions({ apiKey: "gpr_wrong" });
      const error = await failureOf(() => stranger.chat.completions.create({ model: MODEL, messages }));
      must(error instanceof AuthenticationError, "a wrong key is a 401");
    },
  },
  {
    client,
    operation: "abort",
    run: async (around) => {
      const ask = [{ role: "user" as const, content: SLOW }];
      const stream = await connect(around).chat.completions.create({ model: MODEL, messages: ask, stream: true });
      let id = "";
      const error = await (async () => {
        for await (const chunk of stream) {
          id = chunk.id;
          stream.controller.abort();
        }
      })().catch((caught: unknown) => caught);
      must(error === undefined || error instanceof APIUserAbortError, "the package takes its own abort quietly");
      await around.sawClientLeave(id);
    },
  },
];
