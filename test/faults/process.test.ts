/** What a process promises when it is stopped, killed, started twice, or fed rubbish. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStorage } from "../../src/storage/open.ts";
import { type GapuraProcess, runGapura, spawnGapura } from "../support/process.ts";
import { sendRaw } from "../support/raw-http.ts";
import { until } from "../support/visitor.ts";

let dataDir: string;
const running: GapuraProcess[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "gapura-process-"));
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.signal("SIGKILL");
    await one.ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<GapuraProcess> {
  const gapura = await spawnGapura(dataDir);
  running.push(gapura);
  return gapura;
}

async function newKey(): Promise<string> {
  const owner = ["--name", "Siti", "--email", "siti@example.com", "--data-dir", dataDir];
  const { code, out, error } = await runGapura(["keys", "create", "Project Video Generator", ...owner]);
  if (code !== 0) throw new Error(error);
  return out.trim();
}

function chat(url: string, key: string, more: object = {}): Promise<Response> {
  return fetch(`${url}/api/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-3.5", messages: [{ role: "user", content: "Halo, apa kabar?" }], ...more }),
  });
}

test("a key from the command line works in a running server at once, and one that it disables is refused without a restart", async () => {
  const gapura = await start();
  const key = await newKey();
  expect((await chat(gapura.url, key)).status).toBe(200);
  const id = key.slice(4, 12);
  expect((await runGapura(["keys", "disable", id, "--data-dir", dataDir])).code).toBe(0);
  await until(async () => (await chat(gapura.url, key)).status === 401);
});

test("a stop lets a running stream end, refuses new calls, and leaves its record behind", async () => {
  const gapura = await start();
  const key = await newKey();
  const slow = { stream: true, sandbox: { chunks: 30, token_delay: 20 } };
  const answer = await chat(gapura.url, key, slow);
  const id = answer.headers.get("x-generation-id") ?? "";
  const reader = answer.body!.getReader();
  await reader.read();
  gapura.signal("SIGTERM");
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  expect(text).toEndWith("data: [DONE]\n\n");
  expect(await gapura.ended).toBe(0);
  const storage = await openStorage({ dataDir });
  const row = await storage.db.selectFrom("usage").selectAll().where("id", "=", id).executeTakeFirst();
  await storage.close();
  expect(row).toMatchObject({ status: 200, finish_reason: "stop", cancelled: 0 });
});

test("killed at any moment, the next start is clean and holds every record whose answer had ended", async () => {
  const key = await newKey();
  const acknowledged: string[] = [];
  for (let round = 0; round < 5; round++) {
    const gapura = await start();
    const enough = Promise.withResolvers<void>();
    const callers = Array.from({ length: 16 }, async (_, caller) => {
      for (;;) {
        const answer = await chat(gapura.url, key, caller % 2 === 0 ? { stream: true } : {}).catch(() => null);
        const text = await answer?.text().catch(() => null);
        if (!answer?.ok || !text) return;
        const isWhole = text.endsWith("data: [DONE]\n\n") || text.endsWith("}");
        if (isWhole) acknowledged.push(answer.headers.get("x-generation-id") ?? "");
        if (acknowledged.length > (round + 1) * 150) enough.resolve();
      }
    });
    await enough.promise;
    gapura.signal("SIGKILL");
    expect(await gapura.ended).toBe("SIGKILL");
    await Promise.all(callers);
  }
  const storage = await openStorage({ dataDir });
  const rows = await storage.db.selectFrom("usage").select("id").execute();
  const sums = await storage.db
    .selectFrom("key_day")
    .select((eb) => eb.fn.sum<number>("requests").as("requests"))
    .executeTakeFirst();
  await storage.close();
  const kept = new Set(rows.map(({ id }) => id));
  expect(acknowledged.length).toBeGreaterThan(700);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  expect(Number(sums?.requests)).toBe(rows.length);
}, 240_000);

test("a second instance on the same data folder is refused in words, and the first goes on", async () => {
  const gapura = await start();
  const second = await spawnGapura(dataDir).then(
    () => "started",
    (error: Error) => error.message,
  );
  expect(second).toContain("Another Gapura already uses the data folder");
  expect(second).not.toContain("    at ");
  expect((await fetch(`${gapura.url}/health`)).status).toBe(200);
});

test("a second instance on the same port is refused in words, whatever its data folder", async () => {
  const gapura = await start();
  const elsewhere = mkdtempSync(join(tmpdir(), "gapura-process-"));
  const second = await spawnGapura(elsewhere, { PORT: new URL(gapura.url).port }).then(
    (started) => {
      running.push(started);
      return "started";
    },
    (error: Error) => error.message,
  );
  rmSync(elsewhere, { recursive: true, force: true });
  expect(second).toContain("is already in use");
});

test("a request that names no host, or two, or none that can be, is a client's error", async () => {
  const gapura = await start();
  for (const host of ["localhost/?", "a@b", "", "a b", "localhost:99999999"]) {
    const { status, body } = await sendRaw(gapura.url, { method: "GET", path: "/health", headers: { host } });
    expect([host, status]).toEqual([host, 400]);
    expect(body).not.toContain("    at ");
  }
});

test("rubbish on the wire ends connections, never the process", async () => {
  const gapura = await start();
  const rubbish = [
    { method: "GARBAGE", path: "/\u0000" },
    {
      method: "POST",
      path: "/api/v1/chat/completions",
      headers: { "transfer-encoding": "chunked" },
      body: "zz\r\nnot a chunk",
    },
    { method: "POST", path: "/api/v1/chat/completions", headers: { authorization: `Bearer ${"x".repeat(7000)}` } },
    { method: "GET", path: `/${"a/".repeat(3000)}` },
    { method: "GET", path: "/api/v1/models", headers: { "x-big": "y".repeat(20_000) } },
    {
      method: "POST",
      path: "/api/dashboard/account/login",
      headers: { "content-type": "application/json" },
      body: "[".repeat(60_000),
    },
    {
      method: "POST",
      path: "/api/dashboard/account/login",
      headers: { "content-type": "application/json" },
      body: '{"email":{"$ne":1}}',
    },
  ];
  for (const request of rubbish) await sendRaw(gapura.url, request).catch(() => null);
  expect((await fetch(`${gapura.url}/health`)).status).toBe(200);
});
