/** The Responses API with the `openai` package and with `@openrouter/sdk`, and text completions. */
import { OpenRouter } from "@openrouter/sdk";
import OpenAI, { APIUserAbortError, AuthenticationError, BadRequestError } from "openai";
import { zodTextFormat } from "openai/helpers/zod";
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

const connect = ({ url, apiKey }: Surroundings) => new OpenAI({ baseURL: `${url}/api/v1`, apiKey, maxRetries: 0 });
const weather = { type: "function" as const, name: "weather", parameters: WEATHER_SCHEMA, strict: false };
const recipe = z.object({ title: z.string(), minutes: z.number().int(), steps: z.array(z.string()).min(1) });

const responses: readonly Omit<Scenario, "client">[] = [
  {
    operation: "whole",
    run: async (around) => {
      const answer = await connect(around).responses.create({ model: MODEL, input: HALO });
      must(answer.output_text.includes("sandbox"), "the answer has words");
      must(answer.status === "completed" && (answer.usage?.total_tokens ?? 0) > 0, "it is whole and has usage");
    },
  },
  {
    operation: "streamed",
    run: async (around) => {
      const stream = connect(around).responses.stream({ model: MODEL, input: HALO, reasoning: { effort: "high" } });
      let words = "";
      let last = -1;
      for await (const event of stream) {
        must(event.sequence_number > last, "sequence numbers rise");
        last = event.sequence_number;
        if (event.type === "response.output_text.delta") words += event.delta;
      }
      const whole = await stream.finalResponse();
      must(whole.output_text === words && words.includes("sandbox"), "the deltas make the text");
      must(whole.output[0]?.type === "reasoning", "thoughts come first");
    },
  },
  {
    operation: "tools",
    run: async (around) => {
      const { responses: api } = connect(around);
      const first = await api.create({ model: MODEL, input: HALO, tools: [weather], tool_choice: "required" });
      const call = first.output.find((item) => item.type === "function_call");
      must(call !== undefined, "a tool was called");
      mustBeWeather(call.arguments);
      const result = { type: "function_call_output" as const, call_id: call.call_id, output: "31 degrees" };
      const input = [{ role: "user" as const, content: HALO }, call, result];
      const second = await api.create({ model: MODEL, input, tools: [weather] });
      must(second.output_text.includes("31 degrees"), "the result is taken in");
    },
  },
  {
    operation: "structured output",
    run: async (around) => {
      const text = { format: zodTextFormat(recipe, "recipe") };
      const answer = await connect(around).responses.parse({ model: MODEL, input: HALO, text });
      recipe.parse(answer.output_parsed);
    },
  },
  {
    operation: "image",
    run: async (around) => {
      const image = {
        type: "input_image" as const,
        detail: "auto" as const,
        image_url: `data:image/png;base64,${PIXEL}`,
      };
      const content = [{ type: "input_text" as const, text: "What is this?" }, image];
      const answer = await connect(around).responses.create({ model: MODEL, input: [{ role: "user", content }] });
      must(/image/i.test(answer.output_text), "the picture was seen");
    },
  },
  {
    operation: "errors",
    run: async (around) => {
      const openai = connect(around);
      const asking = (more: object) => failureOf(() => openai.responses.create({ model: MODEL, input: HALO, ...more }));
      must((await asking({ model: "nobody/knows-this" })) instanceof BadRequestError, "an unknown model is a 400");
      const stored = await asking({ previous_response_id: "resp_1" });
      must(
        stored instanceof BadRequestError && /input/.test(stored.message),
        "what is stored is refused with a remedy",
      );
      const stranger = openai.withOptions({ apiKey: "gpr_wrong" });
      const error = await failureOf(() => stranger.responses.create({ model: MODEL, input: HALO }));
      must(error instanceof AuthenticationError, "a wrong key is a 401");
    },
  },
  {
    operation: "abort",
    run: async (around) => {
      const stream = await connect(around).responses.create({ model: MODEL, input: SLOW, stream: true });
      let id = "";
      const error = await (async () => {
        for await (const event of stream) {
          if (event.type === "response.created") id = event.response.id;
          if (event.type === "response.output_text.delta") stream.controller.abort();
        }
      })().catch((caught: unknown) => caught);
      must(error === undefined || error instanceof APIUserAbortError, "the package takes its own abort quietly");
      await around.sawClientLeave(id);
    },
  },
];

const completions: readonly Omit<Scenario, "client">[] = [
  {
    operation: "whole",
    run: async (around) => {
      const answer = await connect(around).completions.create({ model: MODEL, prompt: HALO, echo: true });
      const [choice] = answer.choices;
      must(choice?.text.startsWith(HALO) === true && choice.text.includes("sandbox"), "the prompt, then the answer");
      must((answer.usage?.total_tokens ?? 0) > 0, "the answer has usage");
    },
  },
  {
    operation: "streamed",
    run: async (around) => {
      const stream = await connect(around).completions.create({ model: MODEL, prompt: HALO, stream: true });
      let words = "";
      let ends = 0;
      let usages = 0;
      for await (const chunk of stream) {
        words += chunk.choices[0]?.text ?? "";
        if (chunk.choices[0]?.finish_reason) ends++;
        if (chunk.usage) usages++;
      }
      must(words.includes("sandbox") && ends === 1 && usages === 1, "words, one end, one usage");
    },
  },
  {
    operation: "errors",
    run: async (around) => {
      const openai = connect(around);
      const several = await failureOf(() => openai.completions.create({ model: MODEL, prompt: ["one", "two"] }));
      must(several instanceof BadRequestError && /for each/.test(several.message), "several prompts are refused");
    },
  },
];

const sdk = ({ url, apiKey }: Surroundings) =>
  new OpenRouter({ apiKey, serverURL: `${url}/api/v1`, retryConfig: { strategy: "none" } });
type Asked = Parameters<OpenRouter["responses"]["send"]>[0]["responsesRequest"];

async function wholeOf(around: Surroundings, request: Asked) {
  const answer = await sdk(around).responses.send({ responsesRequest: { model: MODEL, ...request, stream: false } });
  must("output" in answer && !JSON.stringify(answer).includes("isUnknown"), "every part of the answer is known");
  return answer;
}

const openRouterResponses: readonly Omit<Scenario, "client">[] = [
  {
    operation: "whole",
    run: async (around) => {
      const answer = await wholeOf(around, { input: HALO });
      must(JSON.stringify(answer.output).includes("sandbox"), "the answer has words");
      must((answer.usage?.totalTokens ?? 0) > 0 && answer.usage?.cost === 0, "the answer has usage and cost");
    },
  },
  {
    operation: "streamed",
    run: async (around) => {
      const responsesRequest = { model: MODEL, input: HALO, reasoning: { effort: "high" as const }, stream: true };
      const stream = await sdk(around).responses.send({ responsesRequest });
      must(Symbol.asyncIterator in stream, "a stream comes");
      let words = "";
      let last = "";
      for await (const event of stream) {
        must(!("isUnknown" in event), "every event is known");
        if (event.type === "response.output_text.delta") words += event.delta;
        last = event.type;
      }
      must(words.includes("sandbox") && last === "response.completed", "words, and the end");
    },
  },
  {
    operation: "tools",
    run: async (around) => {
      const tools = [{ ...weather, parameters: WEATHER_SCHEMA }];
      const answer = await wholeOf(around, { input: HALO, tools, toolChoice: "required" });
      const call = answer.output.find((item) => item.type === "function_call");
      must(call !== undefined, "a tool was called");
      mustBeWeather(call.arguments);
    },
  },
  {
    operation: "errors",
    run: async (around) => {
      const error = await failureOf(() => wholeOf(around, { model: "nobody/knows-this", input: HALO }));
      must(error instanceof Error && "statusCode" in error && error.statusCode === 400, "an unknown model is a 400");
    },
  },
];

export const openAiResponsesScenarios: readonly Scenario[] = [
  ...responses.map((one) => ({ ...one, client: "openai (responses)" })),
  ...completions.map((one) => ({ ...one, client: "openai (completions)" })),
  ...openRouterResponses.map((one) => ({ ...one, client: "@openrouter/sdk (responses)" })),
];
