/** What is billed where the provider did not say: over real HTTP where a client can bring it about. */
import { afterEach, expect, test } from "bun:test";
import {
  chunk,
  completion,
  eventStream,
  type Harness,
  halo,
  startDataPlane,
} from "../../../test/support/data-plane.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { readGeminiUsage } from "../providers/google-gemini/read-usage.ts";
import { promptLength } from "./prompt-length.ts";

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.stop();
  harness = undefined;
});

const base64 = "A".repeat(600_000);
const lengthOf = (...content: JsonObject[]) => {
  const value = { model: "m", messages: [{ role: "user", content }] };
  return promptLength({ bytes: new TextEncoder().encode(JSON.stringify(value)), value });
};

test("a picture that nobody counted is charged as a picture, not as its letters", async () => {
  const { usage: _, ...unreported } = completion;
  harness = await startDataPlane(() => Response.json(unreported));
  const image_url = { url: `data:image/png;base64,${base64}` };
  await harness.call({ ...halo, messages: [{ role: "user", content: [{ type: "image_url", image_url }] }] });
  expect(harness.kept[0]).toMatchObject({ tokensEstimated: true });
  expect(harness.kept[0]?.promptTokens).toBeLessThan(1_600);
  expect(harness.kept[0]?.promptTokens).toBeGreaterThan(1_500);
});

test("media of every dialect count as what models make of them, and texts as they are wherever they stand", () => {
  const source = { type: "base64", media_type: "image/jpeg", data: base64 };
  expect(lengthOf({ type: "image", source })).toBeLessThan(6_200);
  expect(lengthOf({ type: "input_image", image_url: `data:image/png;base64,${base64}` })).toBeLessThan(6_200);
  const file = { file_data: `data:application/pdf;base64,${base64}` };
  expect(lengthOf({ type: "file", file })).toBeLessThan(61_000);
  expect(lengthOf({ type: "input_audio", input_audio: { format: "mp3", data: base64 } })).toBeLessThan(61_000);
  expect(lengthOf({ type: "text", text: `data:image/png;base64,${base64}` })).toBeGreaterThan(600_000);
  expect(lengthOf({ type: "document", source: { type: "text", data: base64 } })).toBeGreaterThan(600_000);
  const text = { file_data: `data:text/plain;base64,${base64}` };
  expect(lengthOf({ type: "file", file: text })).toBeGreaterThan(450_000);
});

test("an unreported answer is counted by its bytes, so that no script costs a quarter of another", async () => {
  const said = chunk({ content: "漢".repeat(4_000) }) + chunk({}, { finish_reason: "stop" });
  harness = await startDataPlane(() => new Response(`${said}data: [DONE]\n\n`, eventStream));
  await (await harness.call({ ...halo, stream: true })).text();
  expect(harness.kept[0]).toMatchObject({ completionTokens: 3_000, tokensEstimated: true });
});

test("usage from the beginning of a stream that broke off is not the bill of what came after it", async () => {
  const early = `data: ${JSON.stringify({ id: "c", choices: [], usage: { prompt_tokens: 9, completion_tokens: 0 } })}\n\n`;
  harness = await startDataPlane(() => new Response(early + chunk({ content: "x".repeat(400) }), eventStream));
  await (await harness.call({ ...halo, stream: true })).text();
  expect(harness.kept[0]).toMatchObject({ promptTokens: 9, completionTokens: 100, tokensEstimated: true });
});

test("Gemini's usage without a count of its answer, or with one that makes no sense, leaves the counting to us", () => {
  for (const candidatesTokenCount of [undefined, "9", -9, 1.5]) {
    const counts = { promptTokenCount: 5, ...(candidatesTokenCount === undefined ? {} : { candidatesTokenCount }) };
    expect(readGeminiUsage({ usageMetadata: counts })).toMatchObject({ promptTokens: 5, estimated: true });
  }
  const counts = { promptTokenCount: 5, candidatesTokenCount: 0 };
  expect(readGeminiUsage({ usageMetadata: counts })).toMatchObject({ completionTokens: 0, estimated: false });
});
