/** Canaries go in wherever a secret can go in; none may come out in the log or on the terminal. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { inspect } from "node:util";
import { startServer, type TestServer } from "../support/server.ts";
import { PASSWORD, until, type Visitor } from "../support/visitor.ts";

const PROVIDER_KEY = "sk-canary-provider-7f3a9b2c4d5e6f70";
const PROMPT = "canary prompt about a blue heron";
const ANSWER = "canary answer about a red fox";
const HEADER = "canary-header-51f0c2";
const WRONG_PASSWORD = "canary wrong password here";
const SMTP_PASSWORD = "canary-smtp-password";

let upstream: Bun.Server<undefined>;
let server: TestServer;
let person: Visitor;
const canaries: Record<string, string> = { PROVIDER_KEY, PROMPT, ANSWER, HEADER, WRONG_PASSWORD, PASSWORD };

beforeAll(async () => {
  upstream = Bun.serve({ port: 0, fetch: answerOfUpstream });
  server = await startServer({
    OPENAI_API_KEY: PROVIDER_KEY,
    OPENAI_BASE_URL: `http://127.0.0.1:${upstream.port}/v1`,
    ALLOW_PRIVATE_UPSTREAM: `127.0.0.1:${upstream.port}`,
  });
  person = await server.visitor().join("siti@example.com");
});
afterAll(async () => {
  await server.stop();
  await upstream.stop(true);
});

/** Fails in every way a provider can, and repeats what it was sent while doing so. */
async function answerOfUpstream(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.endsWith("/models")) return Response.json({ data: [{ id: "gpt-4o" }] });
  const body = await request.text();
  const echo = `${request.headers.get("authorization")} ${body}`;
  if (body.includes('"fail":500')) return new Response(echo, { status: 500 });
  if (body.includes('"fail":401')) return Response.json({ error: { message: `bad key ${echo}` } }, { status: 401 });
  if (body.includes('"fail":400')) return Response.json({ error: { message: `bad request ${echo}` } }, { status: 400 });
  if (body.includes('"fail":"junk"'))
    return new Response(`{"broken": ${echo}`, { headers: { "content-type": "application/json" } });
  const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: ANSWER } }];
  return Response.json({
    id: "x",
    object: "chat.completion",
    created: 1,
    model: "gpt-4o",
    choices,
    usage: { prompt_tokens: 1, completion_tokens: 1 },
  });
}

test("neither log nor terminal ever hold a key, a password, a token, a prompt or an answer", async () => {
  const { secret } = await person.createKey();
  canaries.API_KEY = secret;
  canaries.API_KEY_SECRET = secret.slice(12, 44);
  canaries.SESSION = decodeURIComponent(person.cookie.split("=")[1] ?? "").split(".")[0] ?? "";
  await callModels(secret);
  await misuseTheDashboard();
  await person.dashboard("/account/password/forgot", { email: "siti@example.com" });
  await until(async () => (await person.mailsTo("siti@example.com")).length === 2);
  canaries.MAIL_TOKEN = await person.mailedToken("siti@example.com");
  await person.dashboard("/account/password/reset", {
    token: `${canaries.MAIL_TOKEN}x`,
    password: "kunci kamar belakang 8",
  });

  const written = [...server.log, ...server.printed].join("\n");
  expect(server.log.some((line) => line.includes("provider.failed"))).toBe(true);
  for (const [name, canary] of Object.entries(canaries)) {
    expect([name, canary.length > 8]).toEqual([name, true]);
    for (const form of [canary, encodeURIComponent(canary), btoa(canary), JSON.stringify(canary).slice(1, -1)]) {
      expect([name, form, written.includes(form)]).toEqual([name, form, false]);
    }
  }
});

test("a configuration that is printed or serialised shows no secret", async () => {
  const { loadConfig } = await import("../../src/config/load.ts");
  const loaded = loadConfig({
    env: {
      OPENAI_API_KEY: PROVIDER_KEY,
      SMTP_URL: `smtp://mailer:${SMTP_PASSWORD}@mail.example.com`,
      DATABASE_URL: `postgres://gapura:${SMTP_PASSWORD}@db.example.com/gapura`,
      GAPURA_SECRET: `${SMTP_PASSWORD}-${SMTP_PASSWORD}-${SMTP_PASSWORD}`,
    },
    flags: {},
    cwd: "/",
    readFile: () => undefined,
  });
  expect(loaded.ok).toBe(true);
  const shown = `${JSON.stringify(loaded)} ${inspect(loaded, { depth: 20 })} ${String(loaded.ok && loaded.config.smtpUrl)}`;
  for (const secret of [PROVIDER_KEY, SMTP_PASSWORD]) expect(shown).not.toContain(secret);
});

async function callModels(secret: string): Promise<void> {
  const headers = { authorization: `Bearer ${secret}`, "x-canary": HEADER, "x-title": HEADER };
  const messages = [{ role: "user", content: PROMPT }];
  const statuses: number[] = [];
  for (const fail of [undefined, 500, 401, 400, "junk"]) {
    const body = { model: "openai/gpt-4o", messages, ...(fail === undefined ? {} : { fail }) };
    statuses.push((await person.call("/api/v1/chat/completions", { body, headers })).status);
  }
  expect(statuses).toEqual([200, 502, 502, 400, 502]);
  await person.call("/api/v1/chat/completions", { body: { model: PROMPT, messages }, headers });
  await person.call("/api/v1/chat/completions", {
    body: { messages },
    headers: { authorization: `Bearer ${secret}x` },
  });
  await person.call(`/api/v1/models?key=${secret}`, { headers });
}

async function misuseTheDashboard(): Promise<void> {
  const stranger = person;
  await stranger.login("siti@example.com", WRONG_PASSWORD);
  await stranger.dashboard("/keys", { name: 7, secret: HEADER });
  await stranger.dashboard("/account/sign-up", { name: "x", email: HEADER, password: WRONG_PASSWORD });
  await stranger.dashboard(`/account/verification?token=${HEADER}`, { token: HEADER });
}
