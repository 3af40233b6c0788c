/** What a client names, and what a provider says in failing, against the whole server. */
import { afterEach, expect, test } from "bun:test";
import { startServer } from "../support/server.ts";

const KEY = "invented0canary0123456789abcdef";
const running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

interface Sent {
  path: string;
  text: string;
}

/** A server with OpenAI, AI Studio and Bedrock at one upstream, which answers every POST with `answer`. */
async function start(answer: () => object) {
  const seen: Sent[] = [];
  const upstream = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "GET" && pathname.startsWith("/bedrock")) return new Response(null, { status: 500 });
      if (request.method === "GET")
        return Response.json({ data: [{ id: "gpt-4o" }], models: [{ name: "models/gemini-2.5-flash" }] });
      seen.push({ path: pathname, text: await request.text() });
      return Response.json(answer());
    },
  });
  running.push({ stop: () => upstream.stop(true) });
  const host = `127.0.0.1:${upstream.port}`;
  const server = await startServer({
    ALLOW_PRIVATE_UPSTREAM: host,
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: `http://${host}/openai`,
    GEMINI_API_KEY: KEY,
    GEMINI_BASE_URL: `http://${host}/gemini`,
    BEDROCK_REGION: "us-east-1",
    AWS_BEARER_TOKEN_BEDROCK: KEY,
    BEDROCK_BASE_URL: `http://${host}/bedrock`,
  });
  running.push(server);
  const person = await server.visitor().join("siti@example.com");
  const { secret } = await person.createKey();
  const ask = (path: string, body: object) =>
    person.call(`/api/v1${path}`, { body, headers: { authorization: `Bearer ${secret}` } });
  return { ask, seen };
}

const messages = [{ role: "user", content: "Halo" }];
const completion = {
  id: "chatcmpl-1",
  choices: [{ index: 0, message: { role: "assistant", content: "Baik!" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 3 },
};

test("a provider's failure under a good status never shows the provider's key", async () => {
  const said = `Invalid key ${KEY} provided`;
  const error = { code: "invalid_prompt", message: said };
  let answer: object = { id: "r", object: "response", status: "failed", error, output: [] };
  const { ask } = await start(() => answer);
  const response = await ask("/responses", { model: "openai/gpt-4o", input: "Halo" });
  answer = { error: { code: 400, message: said, status: "INVALID_ARGUMENT" } };
  const gemini = await ask("/chat/completions", { model: "google/gemini-2.5-flash", messages });
  for (const { status, body } of [response, gemini]) {
    expect([status, body.error.metadata.raw]).toEqual([400, "Invalid key [key] provided"]);
    expect(JSON.stringify(body)).not.toContain(KEY);
  }
});

test("no spelling of a steering field reaches a provider that might take it for the field", async () => {
  const { ask, seen } = await start(() => completion);
  const halo = { model: "openai/gpt-4o", messages };
  for (const name of ["MODEL", "Stream", "\u017ftream", "STORE", "N"]) {
    const { status, body } = await ask("/chat/completions", { ...halo, [name]: "o3" });
    expect([status, body.error.metadata.field]).toEqual([400, name]);
  }
  expect(seen).toEqual([]);
  expect((await ask("/chat/completions", { ...halo, "X-Own": 1 })).status).toBe(200);
});

test("a model's name that is a step in a path leads nowhere", async () => {
  const { ask, seen } = await start(() => ({}));
  for (const model of ["amazon-bedrock/..", "amazon-bedrock/."]) {
    expect((await ask("/chat/completions", { model, messages })).status).toBe(400);
  }
  expect(seen).toEqual([]);
  await ask("/chat/completions", { model: "amazon-bedrock/a/../b", messages });
  expect(seen.map(({ path }) => path)).toEqual(["/bedrock/model/a%2F..%2Fb/converse"]);
});

test("the header that names dropped parameters stays short, whatever a client made up", async () => {
  const answer = { candidates: [{ content: { parts: [{ text: "Baik!" }] }, finishReason: "STOP" }] };
  const { ask } = await start(() => answer);
  const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`made_up_${index}`, 1]));
  const { status, headers } = await ask("/chat/completions", { model: "google/gemini-2.5-flash", messages, ...many });
  const named = headers.get("x-gapura-dropped-parameters") ?? "";
  expect([status, named.length <= 1_024, named.endsWith(", ...")]).toEqual([200, true, true]);
  expect(named).toStartWith("made_up_0, made_up_1, ");
});
