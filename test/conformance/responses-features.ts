/** What a request to /responses can ask for, one small request for each. */
import type { JsonObject } from "../../src/kernel/json.ts";
import type { Feature } from "./features.ts";

const said = (...content: JsonObject[]): JsonObject => ({ type: "message", role: "user", content });
const text: JsonObject = { type: "input_text", text: "Halo" };
const weather: JsonObject = {
  type: "function",
  name: "weather",
  description: "Looks",
  parameters: { type: "object", properties: {} },
  strict: false,
};
const call: JsonObject = { type: "function_call", call_id: "call00001", name: "weather", arguments: '{"a":1}' };
const result: JsonObject = { type: "function_call_output", call_id: "call00001", output: "31 degrees" };

export const plainResponses: JsonObject = { model: "acme/m", input: [said(text)] };

export const responsesFeatures: readonly Feature[] = [
  { name: "instructions", body: { instructions: "Be brief." } },
  { name: "input: a text", body: { input: "Apa kabar?" } },
  {
    name: "input_image (data:)",
    body: { input: [said(text, { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=" })] },
  },
  {
    name: "input_file (data:)",
    body: {
      input: [said(text, { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" })],
    },
  },
  { name: "tools: function", body: { tools: [weather] } },
  { name: "tools: web_search", body: { tools: [{ type: "web_search" }] } },
  {
    name: 'tool_choice: "required"',
    body: { tools: [weather], tool_choice: "required" },
    beside: { tools: [weather] },
  },
  {
    name: "tool_choice: a function",
    body: { tools: [weather], tool_choice: { type: "function", name: "weather" } },
    beside: { tools: [weather] },
  },
  {
    name: "parallel_tool_calls: false",
    body: { tools: [weather], parallel_tool_calls: false },
    beside: { tools: [weather] },
  },
  {
    name: "function_call and its output",
    body: { tools: [weather], input: [said(text), call, result] },
    beside: { tools: [weather] },
  },
  {
    name: "reasoning items",
    body: {
      tools: [weather],
      input: [said(text), { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "ZW5j" }, call, result],
    },
    beside: { tools: [weather], input: [said(text), call, result] },
  },
  { name: "max_output_tokens", body: { max_output_tokens: 77 } },
  { name: "temperature", body: { temperature: 0.5 } },
  { name: "top_p", body: { top_p: 0.9 } },
  {
    name: "reasoning.effort",
    body: { reasoning: { effort: "high" }, max_output_tokens: 20_000 },
    beside: { max_output_tokens: 20_000 },
  },
  {
    name: "text.format: json_schema",
    body: {
      text: { format: { type: "json_schema", name: "n", strict: true, schema: { type: "object", properties: {} } } },
    },
  },
  { name: "text.verbosity", body: { text: { verbosity: "low" } } },
  { name: "metadata", body: { metadata: { a: "b" } } },
  { name: "service_tier", body: { service_tier: "flex" } },
  { name: "prompt_cache_key", body: { prompt_cache_key: "k" } },
  { name: "safety_identifier", body: { safety_identifier: "u1" } },
  { name: "truncation", body: { truncation: "auto" } },
];
