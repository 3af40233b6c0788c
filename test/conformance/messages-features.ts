/** What a request to /messages can ask for, one small request for each. */
import type { JsonObject } from "../../src/kernel/json.ts";
import type { Feature } from "./features.ts";

const said = (...content: JsonObject[]): JsonObject => ({ role: "user", content });
const text: JsonObject = { type: "text", text: "Halo" };
const cache_control: JsonObject = { type: "ephemeral" };
const weather: JsonObject = { name: "weather", description: "Looks", input_schema: { type: "object", properties: {} } };
const call: JsonObject = { type: "tool_use", id: "toolu_01", name: "weather", input: { a: 1 } };
const result: JsonObject = { type: "tool_result", tool_use_id: "toolu_01", content: "31 degrees" };
const turn = (...before: JsonObject[]): JsonObject => ({
  tools: [weather],
  messages: [said(text), { role: "assistant", content: [...before, call] }, said(result)],
});
const base64 = (media_type: string, data: string): JsonObject => ({ type: "base64", media_type, data });

export const plainMessages: JsonObject = { model: "acme/m", max_tokens: 20_000, messages: [said(text)] };

export const messagesFeatures: readonly Feature[] = [
  { name: "system", body: { system: "Be brief." } },
  {
    name: "system: blocks with cache_control",
    body: { system: [{ type: "text", text: "Be brief.", cache_control }] },
    beside: { system: [{ type: "text", text: "Be brief." }] },
  },
  { name: "cache_control of a block", body: { messages: [said({ ...text, cache_control })] } },
  {
    name: "image (base64)",
    body: { messages: [said(text, { type: "image", source: base64("image/png", "iVBORw0KGgo=") })] },
  },
  {
    name: "document (base64)",
    body: { messages: [said(text, { type: "document", source: base64("application/pdf", "JVBERi0=") })] },
  },
  { name: "tools", body: { tools: [weather] } },
  { name: "tools: a server tool", body: { tools: [{ type: "web_search_20250305", name: "web_search" }] } },
  { name: "tool_choice: any", body: { tools: [weather], tool_choice: { type: "any" } }, beside: { tools: [weather] } },
  {
    name: "tool_choice: a tool",
    body: { tools: [weather], tool_choice: { type: "tool", name: "weather" } },
    beside: { tools: [weather] },
  },
  {
    name: "disable_parallel_tool_use",
    body: { tools: [weather], tool_choice: { type: "auto", disable_parallel_tool_use: true } },
    beside: { tools: [weather], tool_choice: { type: "auto" } },
  },
  { name: "tool_use and tool_result", body: turn(), beside: { tools: [weather] } },
  {
    name: "tool_result with is_error",
    body: { messages: [said(text), { role: "assistant", content: [call] }, said({ ...result, is_error: true })] },
    beside: turn(),
  },
  {
    name: "thinking with its signature",
    body: turn({ type: "thinking", thinking: "Hm", signature: "c2ln" }),
    beside: turn(),
  },
  { name: "redacted_thinking", body: turn({ type: "redacted_thinking", data: "ZW5j" }), beside: turn() },
  { name: "thinking: enabled", body: { thinking: { type: "enabled", budget_tokens: 2_000 } } },
  { name: "thinking: disabled", body: { thinking: { type: "disabled" } } },
  { name: "max_tokens", body: { max_tokens: 77 } },
  { name: "temperature", body: { temperature: 0.5 } },
  { name: "top_p", body: { top_p: 0.9 } },
  { name: "top_k", body: { top_k: 5 } },
  { name: "stop_sequences", body: { stop_sequences: ["END"] } },
  { name: "metadata.user_id", body: { metadata: { user_id: "u1" } } },
  { name: "service_tier", body: { service_tier: "standard_only" } },
];
