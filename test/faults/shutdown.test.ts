/** S12: what a stop promises to those who are being answered, to those who come too late, and to the records. */
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStorage } from "../../src/storage/open.ts";
import { type FaultGateway, startFaultGateway } from "../support/fault-gateway.ts";
import { answerText } from "../support/fault-provider/answer.ts";
import { type FaultProvider, startFaultProvider } from "../support/fault-provider/provider.ts";
import { WHOLE_ANSWER } from "../support/fault-provider/script.ts";
import { hear, soundsWhole } from "../support/heard.ts";
import { type GapuraProcess, runGapura, spawnGapura } from "../support/process.ts";
import { until } from "../support/visitor.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function startGateway(env: Record<string, string> = {}): Promise<FaultGateway> {
  const gateway = await startFaultGateway({ env });
  undo.push(() => gateway.stop());
  return gateway;
}

test("while it still listens, a stop says that it is not ready, answers everything, and lets no connection be kept", async () => {
  const gateway = await startGateway();
  expect((await gateway.chat()).headers.get("connection")).not.toBe("close");
  const stopped = gateway.stopServer({ lastCallMs: 3_000 });
  expect((await fetch(`${gateway.server.url}/ready`)).status).toBe(503);
  for (const stream of [true, false]) {
    const answer = await gateway.chat({ stream });
    expect([answer.status, answer.headers.get("connection")]).toEqual([200, "close"]);
    await answer.text();
  }
  await stopped;
  await expect(fetch(`${gateway.server.url}/ready`)).rejects.toThrow();
  expect(await gateway.rows()).toHaveLength(3);
});

test("a running stream ends well, and a kept connection without a request is closed at once", async () => {
  const gateway = await startGateway();
  const answer = await gateway.chat({ stream: true, fault: { holdAfterTokens: 3 } });
  const exchange = await gateway.providers[0]!.next();
  const idle = await gateway.dial();
  const closed = new Promise((resolve) => idle.on("close", resolve));
  const answered = new Promise((resolve) => idle.once("data", resolve));
  idle.write(gateway.chatBytes());
  await answered;
  const stopped = gateway.stopServer();
  await closed;
  exchange.go();
  const heard = hear(await answer.text());
  expect(heard.text).toBe(answerText(WHOLE_ANSWER));
  expect(soundsWhole(heard)).toBe(true);
  await stopped;
  const rows = await gateway.rows();
  expect(rows.map(({ streamed, status, finish_reason }) => [streamed, status, finish_reason])).toEqual([
    [1, 200, "stop"],
    [0, 200, "stop"],
  ]);
});

test("what takes longer than a stop waits is told so and charged for what came; what has not begun costs nothing", async () => {
  const gateway = await startGateway({ DRAIN_SECONDS: "0" });
  const stream = await gateway.chat({ stream: true, fault: { holdAfterTokens: 3 } });
  const begun = await gateway.providers[0]!.next();
  const whole = gateway.chat({ fault: { cutAt: "start", cutBy: "stall" } });
  const waiting = await gateway.providers[0]!.next();
  const reading = stream.text();
  await gateway.stopServer();

  const heard = hear(await reading);
  expect(heard.text).toBe(answerText({ ...WHOLE_ANSWER, tokens: 3 }));
  expect(heard).toMatchObject({ isDone: false, finishReason: "error", errors: [{ code: 503 }] });
  const refused = await whole;
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await refused.json()).toMatchObject({ error: { metadata: { error_code: "shutting_down" } } });
  await begun.closed();
  await waiting.closed();
  expect([begun.truth.ending?.by, waiting.truth.ending?.by]).toEqual(["client", "client"]);
  const rows = await gateway.rows();
  expect(rows.map(({ streamed, completion_tokens, error_code }) => [streamed, completion_tokens, error_code])).toEqual([
    [1, 3, "shutting_down"],
    [0, 0, "shutting_down"],
  ]);
  expect(rows[0]?.cost_nano).toBeGreaterThan(0n);
  expect(rows[1]?.cost_nano).toBe(0n);
});

interface Node extends GapuraProcess {
  dataDir: string;
  key: string;
}

function connectedTo(provider: FaultProvider): Record<string, string> {
  return { OPENAI_API_KEY: "sk-faults", OPENAI_BASE_URL: provider.url, ALLOW_PRIVATE_UPSTREAM: provider.host };
}

async function startNode(provider: FaultProvider, before?: Node): Promise<Node> {
  const dataDir = before?.dataDir ?? mkdtempSync(join(tmpdir(), "gapura-stop-"));
  const place = ["--data-dir", dataDir];
  const owner = ["--name", "Siti", "--email", "siti@example.com", ...place];
  const key = before?.key ?? (await runGapura(["keys", "create", "Test", ...owner])).out.trim();
  const running = await spawnGapura(dataDir, connectedTo(provider));
  undo.push(async () => {
    running.signal("SIGKILL");
    await running.ended;
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { ...running, dataDir, key };
}

function startProvider(): FaultProvider {
  const provider = startFaultProvider({ models: ["gpt-3.5-turbo"] });
  undo.push(() => provider.stop());
  return provider;
}

function chat({ url, key }: Node, more: object = {}): Promise<Response> {
  const body = { model: "openai/gpt-3.5-turbo", stream: true, messages: [{ role: "user", content: "Halo" }], ...more };
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  return fetch(`${url}/api/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(body) });
}

test("a second signal ends the process at once, whatever is still running", async () => {
  const provider = startProvider();
  const node = await startNode(provider);
  const answer = await chat(node, { fault: { holdAfterTokens: 1 } });
  expect(answer.status).toBe(200);
  node.signal("SIGTERM");
  await until(() =>
    fetch(`${node.url}/health`).then(
      () => false,
      () => true,
    ),
  );
  node.signal("SIGTERM");
  expect(await node.ended).toBe(143);
  await answer.text().catch(() => "");
});

test("two processes restarted in turns under load fail nobody and lose no record", async () => {
  const provider = startProvider();
  const nodes = await Promise.all([startNode(provider), startNode(provider)]);
  const live = new Set(nodes);
  const answered = new Map(nodes.map(({ dataDir }) => [dataDir, new Set<string>()]));
  const failures: string[] = [];
  let isOver = false;
  let turn = 0;
  const ask = async () => {
    const ready = [...live];
    const node = ready[turn++ % ready.length]!;
    const answer = await chat(node, { fault: { betweenMs: 5 } }).catch((error: { code?: string }) => error.code ?? "?");
    // A port that is closed takes no request: a balancer asks the next one.
    if (answer === "ConnectionRefused") return;
    if (typeof answer === "string") return void failures.push(answer);
    const text = await answer.text().catch((error: Error) => error.message);
    if (answer.status !== 200 || !soundsWhole(hear(text))) failures.push(`${answer.status} ${text.slice(-200)}`);
    else answered.get(node.dataDir)?.add(answer.headers.get("x-generation-id") ?? "");
  };
  const callers = Array.from({ length: 12 }, async () => {
    while (!isOver) await ask();
  });
  for (const node of nodes) {
    const enough = (answered.get(node.dataDir)?.size ?? 0) + 30;
    await until(async () => (answered.get(node.dataDir)?.size ?? 0) > enough);
    node.signal("SIGTERM");
    await until(async () => (await fetch(`${node.url}/ready`).catch(() => ({ status: 503 }))).status === 503);
    live.delete(node);
    expect(await node.ended).toBe(0);
    live.add(await startNode(provider, node));
  }
  isOver = true;
  await Promise.all(callers);
  expect(failures).toEqual([]);
  for (const [dataDir, ids] of answered) {
    const storage = await openStorage({ dataDir });
    const rows = await storage.db.selectFrom("usage").select("id").execute();
    await storage.close();
    const kept = new Set(rows.map(({ id }) => id));
    expect([...ids].filter((id) => !kept.has(id))).toEqual([]);
    expect(ids.size).toBeGreaterThan(30);
  }
}, 240_000);
