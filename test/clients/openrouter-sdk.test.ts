/** OpenRouter's own package, pointed at Gapura by its server address alone. It checks every answer against its schemas. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OpenRouter } from "@openrouter/sdk";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let client: OpenRouter;

beforeAll(async () => {
  server = await startServer();
  const person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  client = new OpenRouter({ apiKey: secret, serverURL: `${server.url}/api/v1` });
});
afterAll(() => server.stop());

const halo = { model: "gpt-3.5", messages: [{ role: "user" as const, content: "Halo, apa kabar?" }] };

test("a whole answer parses", async () => {
  const answer = await client.chat.send({ chatRequest: { ...halo, stream: false } });
  if (!("choices" in answer)) throw new Error("no answer");
  expect(answer.choices[0]?.message.content).toContain("sandbox");
  expect(answer.choices[0]?.finishReason).toBe("stop");
});

test("every chunk of a stream parses, the one with the usage included", async () => {
  const stream = await client.chat.send({ chatRequest: { ...halo, stream: true } });
  if (!(Symbol.asyncIterator in stream)) throw new Error("no stream");
  let words = "";
  let totalTokens: number | undefined;
  for await (const chunk of stream) {
    words += chunk.choices[0]?.delta.content ?? "";
    totalTokens = chunk.usage?.totalTokens ?? totalTokens;
  }
  expect(words).toContain("sandbox");
  expect(totalTokens).toBeGreaterThan(0);
});

test("the list of models and the calling key parse", async () => {
  const models = await client.models.list();
  expect(JSON.stringify(models)).toContain("sandbox/chat");
  const key = await client.apiKeys.getCurrentKeyMetadata();
  expect(key.data.label).toMatch(/^gpr_/);
});

test("a refusal arrives as the package's own error, with the status and words of the gateway", async () => {
  const stranger = new OpenRouter({ apiKey: "gpr_wrong", serverURL: `${server.url}/api/v1` });
  const error = await stranger.chat
    .send({ chatRequest: { ...halo, stream: false } })
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ statusCode: 401, message: expect.stringContaining("not a Gapura API key") });
});
