/** `@openrouter/ai-sdk-provider` with `ai`. */
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { APICallError, generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import {
  failureOf,
  HALO,
  MODEL,
  must,
  PIXEL,
  type Scenario,
  SLOW,
  type Surroundings,
  WEATHER_SCHEMA,
} from "./scenario.ts";

const client = "@openrouter/ai-sdk-provider";
const modelOf = ({ url, apiKey }: Surroundings, name: string = MODEL) =>
  createOpenRouter({ apiKey, baseURL: `${url}/api/v1` }).chat(name);
const weatherSchema = jsonSchema<{ city: string }>(WEATHER_SCHEMA);

export const aiSdkScenarios: readonly Scenario[] = [
  {
    client,
    operation: "whole",
    run: async (around) => {
      const { text, usage } = await generateText({ model: modelOf(around), prompt: HALO, maxRetries: 0 });
      must(text.includes("sandbox") && (usage.totalTokens ?? 0) > 0, "the answer has words and usage");
    },
  },
  {
    client,
    operation: "streamed",
    run: async (around) => {
      const result = streamText({ model: modelOf(around), prompt: HALO, maxRetries: 0 });
      let words = "";
      for await (const piece of result.textStream) words += piece;
      must(words.includes("sandbox"), "the stream has words");
      must(((await result.usage).totalTokens ?? 0) > 0, "the stream has usage");
    },
  },
  {
    client,
    operation: "tools",
    run: async (around) => {
      let asked: unknown;
      const weather = tool({
        description: "Looks at the sky",
        inputSchema: weatherSchema,
        execute: (input) => {
          asked = input;
          return "31 degrees";
        },
      });
      const { text } = await generateText({
        model: modelOf(around),
        prompt: "What is the weather? Use the weather tool.",
        tools: { weather },
        stopWhen: stepCountIs(3),
        maxRetries: 0,
      });
      must(typeof asked === "object" && asked !== null && "city" in asked, "the tool was called");
      must(text.includes("31 degrees"), "the result is taken in");
    },
  },
  {
    client,
    operation: "structured output",
    run: async (around) => {
      const { object } = await generateObject({
        model: modelOf(around),
        schema: weatherSchema,
        prompt: HALO,
        maxRetries: 0,
      });
      must(object.city.length >= 3, "the object follows the schema");
    },
  },
  {
    client,
    operation: "image",
    run: async (around) => {
      const content = [
        { type: "text" as const, text: "What is this?" },
        { type: "file" as const, data: `data:image/png;base64,${PIXEL}`, mediaType: "image/png" },
      ];
      const { text } = await generateText({
        model: modelOf(around),
        messages: [{ role: "user", content }],
        maxRetries: 0,
      });
      must(/image/i.test(text), "the picture was seen");
    },
  },
  {
    client,
    operation: "errors",
    run: async (around) => {
      const asking = (who: Surroundings, model: string) =>
        failureOf(() => generateText({ model: modelOf(who, model), prompt: HALO, maxRetries: 0 }));
      const unknown = await asking(around, "nobody/knows-this");
      must(APICallError.isInstance(unknown) && unknown.statusCode === 400, "an unknown model is a 400");
      const stranger = await asking({ ...around, apiKey: "gpr_wrong" }, MODEL);
      must(APICallError.isInstance(stranger) && stranger.statusCode === 401, "a wrong key is a 401");
    },
  },
  {
    client,
    operation: "abort",
    run: async (around) => {
      const leaving = new AbortController();
      const result = streamText({ model: modelOf(around), prompt: SLOW, maxRetries: 0, abortSignal: leaving.signal });
      let id = "";
      try {
        for await (const part of result.fullStream) {
          if (part.type !== "text-delta") continue;
          leaving.abort();
        }
        id = (await result.response).id;
      } catch {
        // The package may tell of its own abort; who left is looked up below.
      }
      await around.sawClientLeave(id);
    },
  },
];
