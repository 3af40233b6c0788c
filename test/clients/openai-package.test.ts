/** The official `openai` package, pointed at Gapura by base URL and key alone. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI, {
  APIConnectionError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  RateLimitError,
} from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { createApiKey } from "../../src/kernel/api-key.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { until, type Visitor } from "../support/visitor.ts";

let server: TestServer;
let person: Visitor;
let client: OpenAI;

beforeAll(async () => {
  server = await startServer();
  person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  client = new OpenAI({ baseURL: `${server.url}/api/v1`, apiKey: secret, maxRetries: 0 });
});
afterAll(() => server.stop());

const halo = { model: "gpt-3.5", messages: [{ role: "user" as const, content: "Halo, apa kabar?" }] };
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no error",
    (error: unknown) => error,
  );

for (const prefix of ["/api/v1", "/v1"]) {
  test(`a whole and a streamed answer hold the same words and the same usage under ${prefix}`, async () => {
    const here = client.withOptions({ baseURL: `${server.url}${prefix}` });
    const whole = await here.chat.completions.create(halo);
    const stream = await here.chat.completions.create({
      ...halo,
      stream: true,
      stream_options: { include_usage: true },
    });
    let words = "";
    let finish: string | null = null;
    let usage: unknown = null;
    for await (const chunk of stream) {
      words += chunk.choices[0]?.delta.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    expect(whole.choices[0]?.message.content).toBe(words);
    expect(words.length).toBeGreaterThan(20);
    expect([whole.choices[0]?.finish_reason, finish]).toEqual(["stop", "stop"]);
    expect(usage).toMatchObject({ total_tokens: whole.usage?.total_tokens });
  });
}

test("the list of models can be read and holds the one that answers", async () => {
  const ids: string[] = [];
  for await (const model of client.models.list()) ids.push(model.id);
  const answer = await client.chat.completions.create(halo);
  expect(ids).toContain(answer.model);
});

test("a tool call follows the tool's schema, and its result is taken into the answer", async () => {
  const parameters = {
    type: "object",
    properties: { city: { type: "string", minLength: 3 } },
    required: ["city"],
    additionalProperties: false,
  };
  const tools = [{ type: "function" as const, function: { name: "weather", parameters } }];
  const first = await client.chat.completions.create({ ...halo, tools, tool_choice: "required" });
  const call = first.choices[0]?.message.tool_calls?.[0];
  if (call?.type !== "function") throw new Error("no tool was called");
  expect(first.choices[0]?.finish_reason).toBe("tool_calls");
  z.strictObject({ city: z.string().min(3) }).parse(JSON.parse(call.function.arguments));
  const messages = [
    ...halo.messages,
    first.choices[0]!.message,
    { role: "tool" as const, tool_call_id: call.id, content: "31 degrees" },
  ];
  const second = await client.chat.completions.create({ ...halo, messages, tools });
  expect(second.choices[0]?.message.content).toContain("31 degrees");
});

test("a structured output validates against its schema", async () => {
  const recipe = z.object({
    title: z.string(),
    minutes: z.number().int(),
    steps: z.array(z.string()).min(1),
    spicy: z.boolean(),
  });
  const answer = await client.chat.completions.parse({ ...halo, response_format: zodResponseFormat(recipe, "recipe") });
  expect(() => recipe.parse(answer.choices[0]?.message.parsed)).not.toThrow();
});

test("a client that leaves a stream is recorded as gone", async () => {
  const body = { ...halo, stream: true as const, sandbox: { chunks: 500, token_delay: 10 } };
  const stream = await client.chat.completions.create(body);
  for await (const _ of stream) break;
  const row = await until(async () =>
    (await person.dashboard("/activity")).body.rows.find((one: { cancelled: boolean }) => one.cancelled),
  );
  expect(row.completionTokens).toBeLessThan(500);
});

describe("errors arrive as the package's own classes", () => {
  test("no key, a wrong one, a disabled one", async () => {
    for (const apiKey of ["gpr_wrong", createApiKey("inference").key]) {
      expect(await failure(client.withOptions({ apiKey }).chat.completions.create(halo))).toBeInstanceOf(
        AuthenticationError,
      );
    }
    const { id, secret } = await person.createKey("To be disabled");
    await person.dashboard(`/keys/${id}`, { disabled: true }, "PATCH");
    const error = await failure(client.withOptions({ apiKey: secret }).chat.completions.create(halo));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(String(error)).toContain("disabled");
  });

  test("an unknown model, and what a provider answers", async () => {
    expect(await failure(client.chat.completions.create({ ...halo, model: "nobody/knows-this" }))).toBeInstanceOf(
      BadRequestError,
    );
    const asked = (status: number) =>
      failure(client.chat.completions.create({ ...halo, sandbox: { status } } as typeof halo));
    expect(await asked(429)).toBeInstanceOf(RateLimitError);
    expect(await asked(500)).toBeInstanceOf(InternalServerError);
  });

  test("a gateway that is not there is a connection error", async () => {
    const nobody = client.withOptions({ baseURL: "http://127.0.0.1:9/v1" });
    expect(await failure(nobody.chat.completions.create(halo))).toBeInstanceOf(APIConnectionError);
  });
});
