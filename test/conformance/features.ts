/** What a request can ask for, one small request for each, in the words of each client dialect. */
import type { JsonObject } from "../../src/kernel/json.ts";

export interface Feature {
  /** The field, as a client of the dialect knows it. */
  name: string;
  /** Merged over the dialect's plain request. */
  body: JsonObject;
  /** What the plain request must also have, so that nothing but the feature differs. */
  beside?: JsonObject;
  /** True where a provider may do it without being asked, so that nothing has to be sent. */
  mayBeSoAlready?: true;
}

const weather: JsonObject = {
  type: "function",
  function: { name: "weather", description: "Looks", parameters: { type: "object", properties: {} } },
};
const said = (content: JsonObject[]): JsonObject => ({ messages: [{ role: "user", content }] });
const text: JsonObject = { type: "text", text: "Halo" };
const call: JsonObject = { id: "call00001", type: "function", function: { name: "weather", arguments: '{"a":1}' } };
const result: JsonObject = { role: "tool", tool_call_id: "call00001", content: "31 degrees" };
const asked: JsonObject = { role: "user", content: "Halo" };
const turn = (assistant: JsonObject): JsonObject => ({
  tools: [weather],
  messages: [asked, { role: "assistant", content: null, tool_calls: [call], ...assistant }, result],
});
const thought = (format: string, detail: JsonObject): JsonObject =>
  turn({ reasoning_details: [{ ...detail, format, index: 0 }] });

export const plainChat: JsonObject = { model: "acme/m", messages: [{ role: "user", content: [text] }] };

export const chatFeatures: readonly Feature[] = [
  {
    name: "messages[].role: system",
    body: { messages: [{ role: "system", content: "Be brief." }, asked] },
    beside: { messages: [asked] },
  },
  {
    name: "messages[].role: developer",
    body: { messages: [{ role: "developer", content: "Be brief." }, asked] },
    beside: { messages: [asked] },
  },
  { name: "messages[].name", body: { messages: [{ role: "user", name: "Siti", content: [text] }] } },
  {
    name: "image_url (data:)",
    body: said([text, { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }]),
  },
  {
    name: "image_url (https:)",
    body: said([text, { type: "image_url", image_url: { url: "https://example.com/a.png" } }]),
  },
  {
    name: "input_audio",
    body: said([text, { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } }]),
  },
  { name: "video_url", body: said([text, { type: "video_url", video_url: { url: "data:video/mp4;base64,AAAA" } }]) },
  {
    name: "file (data:)",
    body: said([
      text,
      { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
    ]),
  },
  {
    name: "file (https:)",
    body: said([text, { type: "file", file: { filename: "a.pdf", file_data: "https://example.com/a.pdf" } }]),
  },
  { name: "cache_control of a part", body: said([{ ...text, cache_control: { type: "ephemeral" } }]) },
  { name: "cache_control", body: { cache_control: { type: "ephemeral" } } },
  { name: "tools", body: { tools: [weather] } },
  {
    name: "tools[].function.strict",
    body: { tools: [{ ...weather, function: { ...(weather.function as JsonObject), strict: true } }] },
    beside: { tools: [weather] },
  },
  { name: 'tool_choice: "none"', body: { tools: [weather], tool_choice: "none" }, beside: { tools: [weather] } },
  {
    name: 'tool_choice: "required"',
    body: { tools: [weather], tool_choice: "required" },
    beside: { tools: [weather] },
  },
  {
    name: "tool_choice: a function",
    body: { tools: [weather], tool_choice: { type: "function", function: { name: "weather" } } },
    beside: { tools: [weather] },
  },
  {
    name: "parallel_tool_calls: false",
    body: { tools: [weather], parallel_tool_calls: false },
    beside: { tools: [weather] },
  },
  { name: "tool_calls and role: tool", body: turn({}), beside: { tools: [weather], messages: [asked] } },
  {
    name: "reasoning.text, anthropic-claude-v1",
    body: thought("anthropic-claude-v1", { type: "reasoning.text", text: "Hm", signature: "c2ln" }),
    beside: turn({}),
  },
  {
    name: "reasoning.encrypted, openai-responses-v1",
    body: thought("openai-responses-v1", { type: "reasoning.encrypted", data: "ZW5j", id: "rs_1" }),
    beside: turn({}),
  },
  {
    name: "reasoning.encrypted, google-gemini-v1",
    body: thought("google-gemini-v1", { type: "reasoning.encrypted", data: "c2ln", id: "call00001" }),
    beside: turn({}),
  },
  { name: "response_format: json_object", body: { response_format: { type: "json_object" } } },
  {
    name: "response_format: json_schema",
    body: {
      response_format: {
        type: "json_schema",
        json_schema: { name: "n", strict: true, schema: { type: "object", properties: {} } },
      },
    },
  },
  {
    name: "reasoning.effort",
    body: { reasoning: { effort: "high" }, max_tokens: 20_000 },
    beside: { max_tokens: 20_000 },
  },
  {
    name: "reasoning.max_tokens",
    body: { reasoning: { max_tokens: 2_000 }, max_tokens: 20_000 },
    beside: { max_tokens: 20_000 },
  },
  { name: "reasoning.enabled: false", body: { reasoning: { enabled: false } }, mayBeSoAlready: true },
  { name: "max_tokens", body: { max_tokens: 77 } },
  { name: "temperature", body: { temperature: 0.5 } },
  { name: "top_p", body: { top_p: 0.9 } },
  { name: "top_k", body: { top_k: 5 } },
  { name: "min_p", body: { min_p: 0.1 } },
  { name: "top_a", body: { top_a: 0.1 } },
  { name: "frequency_penalty", body: { frequency_penalty: 0.5 } },
  { name: "presence_penalty", body: { presence_penalty: 0.5 } },
  { name: "repetition_penalty", body: { repetition_penalty: 1.1 } },
  { name: "seed", body: { seed: 42 } },
  { name: "stop", body: { stop: ["END"] } },
  { name: "logit_bias", body: { logit_bias: { "1": -100 } } },
  { name: "logprobs", body: { logprobs: true, top_logprobs: 2 } },
  { name: "n", body: { n: 2 } },
  { name: "modalities: image", body: { modalities: ["text", "image"] } },
  { name: "audio", body: { modalities: ["text", "audio"], audio: { voice: "alloy", format: "wav" } } },
  { name: "image_config", body: { image_config: { aspect_ratio: "16:9" } } },
  { name: "prediction", body: { prediction: { type: "content", content: "x" } } },
  { name: "verbosity", body: { verbosity: "low" } },
  { name: "service_tier", body: { service_tier: "flex" } },
  { name: "user", body: { user: "u1" } },
  { name: "metadata", body: { metadata: { a: "b" } } },
  { name: "prompt_cache_key", body: { prompt_cache_key: "k" } },
  { name: "plugins", body: { plugins: [{ id: "web" }] } },
  { name: "an unknown field", body: { something_new: 1 } },
];
