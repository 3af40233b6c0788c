/** `@langchain/openrouter`. */
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenRouter } from "@langchain/openrouter";
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

const client = "@langchain/openrouter";
const connect = ({ url, apiKey }: Surroundings, model: string = MODEL) =>
  new ChatOpenRouter({ model, apiKey, baseURL: `${url}/api/v1`, maxRetries: 0 });
const weather = { type: "function" as const, function: { name: "weather", parameters: WEATHER_SCHEMA } };

export const langchainScenarios: readonly Scenario[] = [
  {
    client,
    operation: "whole",
    run: async (around) => {
      const answer = await connect(around).invoke(HALO);
      must(answer.text.includes("sandbox"), "the answer has words");
      must(JSON.stringify(answer).includes('"total_tokens":'), "the answer has usage");
    },
  },
  {
    client,
    operation: "streamed",
    run: async (around) => {
      let words = "";
      for await (const chunk of await connect(around).stream(HALO)) words += chunk.text;
      must(words.includes("sandbox"), "the stream has words");
    },
  },
  {
    client,
    operation: "tools",
    run: async (around) => {
      const model = connect(around).bindTools([weather], { tool_choice: "required" });
      const asked = new HumanMessage(HALO);
      const first = await model.invoke([asked]);
      const call = first.tool_calls?.[0];
      must(call !== undefined, "a tool was called");
      mustBeWeather(JSON.stringify(call.args));
      const result = new ToolMessage({ tool_call_id: call.id ?? "", content: "31 degrees" });
      const second = await connect(around).invoke([asked, first, result]);
      must(second.text.includes("31 degrees"), "the result is taken in");
    },
  },
  {
    client,
    operation: "structured output",
    run: async (around) => {
      const model = connect(around).withStructuredOutput(WEATHER_SCHEMA, { name: "weather" });
      mustBeWeather(JSON.stringify(await model.invoke(HALO)));
    },
  },
  {
    client,
    operation: "image",
    run: async (around) => {
      const image = { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } };
      const content = [{ type: "text", text: "What is this?" }, image];
      const answer = await connect(around).invoke([new HumanMessage({ content })]);
      must(/image/i.test(answer.text), "the picture was seen");
    },
  },
  {
    client,
    operation: "errors",
    run: async (around) => {
      const words = async (model: ChatOpenRouter) => String(await failureOf(() => model.invoke(HALO)));
      must(
        (await words(connect(around, "nobody/knows-this"))).includes("nobody/knows-this"),
        "an unknown model is named",
      );
      must((await words(connect({ ...around, apiKey: "gpr_wrong" }))).includes("API key"), "a wrong key is told");
    },
  },
  {
    client,
    operation: "abort",
    run: async (around) => {
      const leaving = new AbortController();
      const stream = await connect(around).stream(SLOW, { signal: leaving.signal });
      try {
        for await (const chunk of stream) if (chunk.text !== "") leaving.abort();
      } catch {
        // The package tells of its own abort.
      }
      await around.sawClientLeave("");
    },
  },
];
