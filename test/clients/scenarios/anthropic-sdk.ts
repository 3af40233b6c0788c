/** `@anthropic-ai/sdk`, pointed at the gateway by address and key alone. */
import Anthropic, { AuthenticationError, BadRequestError, RateLimitError } from "@anthropic-ai/sdk";
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

const client = "@anthropic-ai/sdk";
const connect = ({ url, apiKey }: Surroundings) => new Anthropic({ apiKey, baseURL: `${url}/api`, maxRetries: 0 });
const asked = (content: Anthropic.MessageParam["content"] = HALO): Anthropic.MessageCreateParamsNonStreaming => ({
  model: MODEL,
  max_tokens: 2_000,
  messages: [{ role: "user", content }],
});
const weather: Anthropic.Tool = { name: "weather", description: "Looks at the sky", input_schema: WEATHER_SCHEMA };

function wordsOf(message: Anthropic.Message): string {
  return message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

export const anthropicSdkScenarios: readonly Scenario[] = [
  {
    client,
    operation: "whole",
    run: async (around) => {
      for (const base of ["/api", ""]) {
        const here = new Anthropic({ apiKey: around.apiKey, baseURL: around.url + base, maxRetries: 0 });
        const message = await here.messages.create(asked());
        must(wordsOf(message).includes("sandbox") && message.usage.output_tokens > 0, "the answer has words and usage");
        must(message.stop_reason === "end_turn", "the answer says that it ended");
      }
    },
  },
  {
    client,
    operation: "streamed",
    run: async (around) => {
      const whole = await connect(around).messages.create(asked());
      const stream = connect(around).messages.stream(asked());
      const kinds: string[] = [];
      for await (const event of stream) kinds.push(event.type);
      const message = await stream.finalMessage();
      must(wordsOf(message) === wordsOf(whole), "the stream has the words of the whole answer");
      must(message.usage.input_tokens === whole.usage.input_tokens, "the stream has the usage of the whole answer");
      must(kinds[0] === "message_start" && kinds[1] === "content_block_start", "the events begin in their order");
      must(kinds.slice(-3).join() === "content_block_stop,message_delta,message_stop", "and end in it");
    },
  },
  {
    client,
    operation: "tools",
    run: async (around) => {
      const request = { ...asked(), tools: [weather] };
      const first = await connect(around)
        .messages.stream({ ...request, tool_choice: { type: "any" } })
        .finalMessage();
      const call = first.content.find((block) => block.type === "tool_use");
      must(call !== undefined && first.stop_reason === "tool_use", "a tool was called");
      mustBeWeather(JSON.stringify(call.input));
      const result = { type: "tool_result" as const, tool_use_id: call.id, content: "31 degrees" };
      const second = await connect(around).messages.create({
        ...request,
        messages: [
          ...request.messages,
          { role: "assistant", content: first.content },
          { role: "user", content: [result] },
        ],
      });
      must(wordsOf(second).includes("31 degrees"), "the result is taken in");
    },
  },
  {
    client,
    operation: "structured output",
    run: async (around) => {
      const format = { type: "json_schema" as const, schema: WEATHER_SCHEMA };
      mustBeWeather(wordsOf(await connect(around).messages.create({ ...asked(), output_config: { format } })));
    },
  },
  {
    client,
    operation: "image",
    run: async (around) => {
      const source = { type: "base64" as const, media_type: "image/png" as const, data: PIXEL };
      const content = [
        { type: "image" as const, source },
        { type: "text" as const, text: "What is this?" },
      ];
      must(/image/i.test(wordsOf(await connect(around).messages.create(asked(content)))), "the picture was seen");
    },
  },
  {
    client,
    operation: "errors",
    run: async (around) => {
      const asking = (who: Surroundings, request: Partial<Anthropic.MessageCreateParamsNonStreaming>) =>
        failureOf(() => connect(who).messages.create({ ...asked(), ...request }));
      const unknown = await asking(around, { model: "nobody/knows-this" });
      must(unknown instanceof BadRequestError && unknown.type === "invalid_request_error", "an unknown model is a 400");
      must(typeof unknown.requestID === "string", "an error names its request");
      must(
        (await asking({ ...around, apiKey: "gpr_wrong" }, {})) instanceof AuthenticationError,
        "a wrong key is a 401",
      );
      const limited = await asking(around, { messages: [{ role: "user", content: "[sandbox: status=429] Halo" }] });
      must(limited instanceof RateLimitError, "a rate limit is a 429");
    },
  },
  {
    client,
    operation: "count tokens",
    run: async (around) => {
      const { model, messages } = asked();
      const { input_tokens } = await connect(around).messages.countTokens({ model, messages, tools: [weather] });
      must(input_tokens > 350 && input_tokens < 600, `the count is plausible: ${input_tokens}`);
    },
  },
  {
    client,
    operation: "abort",
    run: async (around) => {
      const stream = await connect(around).messages.create({ ...asked(SLOW), stream: true });
      let id = "";
      for await (const event of stream) {
        if (event.type === "message_start") id = event.message.id;
        if (event.type === "content_block_delta") break;
      }
      await around.sawClientLeave(id);
    },
  },
];
