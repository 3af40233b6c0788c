/** A key that is typed in the dashboard may stand in the request to its provider, and nowhere else. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupSqlite } from "../../src/storage/backup.ts";
import { startServer, type TestServer } from "../support/server.ts";
import type { Answer, Visitor } from "../support/visitor.ts";

const KEY = "sk-canary-dashboard-9d8e7f6a5b4c3d2e1f";
const SECOND_KEY = "sk-canary-dashboard-second-1a2b3c4d5e6f";
const WRONG_KEY = "sk canary dashboard with spaces 0a1b2c";

let upstream: Bun.Server<undefined>;
let server: TestServer;
let owner: Visitor;
const answers: string[] = [];
const folder = mkdtempSync(join(tmpdir(), "gapura-canary-"));

beforeAll(async () => {
  upstream = Bun.serve({ port: 0, fetch: echo });
  server = await startServer({ ALLOW_PRIVATE_UPSTREAM: `127.0.0.1:${upstream.port}` });
  owner = await server.visitor().join("siti@example.com");
});
afterAll(async () => {
  await server.stop();
  await upstream.stop(true);
  rmSync(folder, { recursive: true, force: true });
});

/** Repeats the credential wherever an answer has room for it. */
async function echo(request: Request): Promise<Response> {
  const credential = request.headers.get("authorization") ?? "";
  const { pathname } = new URL(request.url);
  if (pathname === "/refuses/models") return Response.json({ error: { message: credential } }, { status: 401 });
  if (pathname === "/breaks/models") return new Response(`{"broken": ${credential}`, { status: 200 });
  if (pathname === "/fails/models") return new Response(credential, { status: 500, statusText: "no" });
  if (pathname.endsWith("/models")) return Response.json({ data: [{ id: "m" }] });
  return Response.json({ error: { message: `wrong key ${credential}` } }, { status: 400 });
}

async function send(path: string, body?: unknown, method?: string): Promise<Answer> {
  const answer = await owner.dashboard(path, body, method);
  answers.push(JSON.stringify(answer.body), JSON.stringify([...answer.headers]));
  return answer;
}

async function useKeysInEveryWay(): Promise<void> {
  const base = `http://127.0.0.1:${upstream.port}`;
  const lab = (path: string, apiKey: string) => ({
    type: "openai-compatible",
    fields: { baseUrl: `${base}/${path}`, apiKey },
  });
  const statuses: number[] = [];
  for (const path of ["works", "refuses", "breaks", "fails"]) {
    statuses.push((await send("/providers/test", lab(path, KEY))).status);
    statuses.push((await send("/providers/keys", { ...lab(path, KEY), slug: path })).status);
  }
  expect(statuses).toEqual([200, 201, 200, 201, 200, 201, 200, 201]);
  await send("/providers/keys", { ...lab("works", KEY), slug: "works" });
  await send("/providers/keys", { ...lab("works", WRONG_KEY), slug: "spaces" });
  await send("/providers/keys", { ...lab("works", KEY), slug: KEY, name: "x".repeat(100) });
  await send("/providers/keys", { type: KEY, fields: { [KEY.slice(0, 30)]: KEY } });
  await send("/providers/keys", { ...lab("works", KEY), extra: KEY });
  const { body } = await send("/providers/keys");
  const id = body.keys[0]?.id;
  await send(`/providers/keys/${id}`, { fields: { apiKey: SECOND_KEY } }, "PATCH");
  await send(`/providers/keys/${id}`, { fields: { apiKey: WRONG_KEY } }, "PATCH");
  await send(`/providers/keys/${KEY}`, { disabled: true }, "PATCH");
  await send("/providers/test", { id });
  await send("/providers");
  const { secret } = await owner.createKey();
  const request = { model: "works/m", messages: [{ role: "user", content: "Halo" }] };
  const called = await owner.call("/api/v1/chat/completions", {
    body: request,
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(called.status).toBe(400);
  answers.push(JSON.stringify(called.body));
  await send(`/providers/keys/${body.keys[1]?.id}`, undefined, "DELETE");
}

test("neither database, write-ahead log, backup, log, terminal nor any answer ever hold a typed provider key", async () => {
  await useKeysInEveryWay();
  backupSqlite(server.dataDir, join(folder, "copy.db"));
  const files = [server.dataDir, folder].flatMap((place) => readdirSync(place).map((name) => join(place, name)));
  expect(files.some((file) => file.endsWith("-wal"))).toBe(true);
  const places: [string, Buffer][] = [
    ...files.map((file): [string, Buffer] => [file, readFileSync(file)]),
    ["log", Buffer.from(server.log.join("\n"))],
    ["terminal", Buffer.from(server.printed.join("\n"))],
    ["answers", Buffer.from(answers.join("\n"))],
  ];
  expect(answers.length).toBeGreaterThan(30);
  for (const key of [KEY, SECOND_KEY, WRONG_KEY]) {
    const bare = Buffer.from(key);
    const forms = [
      key,
      key.slice(3, -4),
      bare.toString("base64").replace(/=+$/, ""),
      bare.toString("hex"),
      encodeURIComponent(key),
    ];
    for (const form of forms) {
      for (const [place, bytes] of places) expect([place, form, bytes.includes(form)]).toEqual([place, form, false]);
    }
  }
});
