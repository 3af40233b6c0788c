/** Bodies as they may come over the wire: cut, lied about, slow. Written byte by byte on a socket of their own. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { readJsonBody } from "../../src/gateway/ingress/read-body.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

let server: TestServer;
let upstream: Upstream;
let key = "";

beforeAll(async () => {
  upstream = startUpstream(["one"]);
  server = await startServer({
    OPENAI_API_KEY: "sk-invented",
    OPENAI_BASE_URL: upstream.url,
    ALLOW_PRIVATE_UPSTREAM: upstream.host,
  });
  key = (await (await server.visitor().join("owner@example.com")).createKey()).secret;
});
afterAll(async () => {
  await server.stop();
  await upstream.stop();
});

const CHAT = JSON.stringify({ model: "openai/one", messages: [{ role: "user", content: "Halo é" }] });

/** Writes the parts, then half-closes when told to; resolves with all that came back. */
function exchange(parts: readonly (string | Buffer)[], ends: boolean): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const received: Buffer[] = [];
    socket.setTimeout(10_000, () => socket.destroy(new Error("no answer")));
    socket.on("data", (bytes) => received.push(Buffer.from(bytes)));
    socket.on("error", reject);
    socket.on("end", () => socket.end());
    socket.on("close", () => resolve(Buffer.concat(received).toString()));
    for (const part of parts) socket.write(part);
    if (ends) socket.end();
  });
}

function head(lines: readonly string[]): string {
  const always = [
    `host: ${new URL(server.url).host}`,
    `authorization: Bearer ${key}`,
    "content-type: application/json",
  ];
  return `POST /api/v1/chat/completions HTTP/1.1\r\n${[...always, "connection: close", ...lines].join("\r\n")}\r\n\r\n`;
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
const chunksOf = (bytes: Buffer, size: number) => {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    parts.push(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]));
  }
  return parts;
};

test("a body in chunks of any size is the body", async () => {
  const bytes = Buffer.from(CHAT);
  for (const size of [1, 2, 3, 7, 64, bytes.length]) {
    const parts = [head(["transfer-encoding: chunked"]), ...chunksOf(bytes, size), "0\r\n\r\n"];
    expect([size, statusOf(await exchange(parts, false))]).toEqual([size, 200]);
  }
  expect(upstream.seen.at(-1)?.body.messages).toEqual([{ role: "user", content: "Halo é" }]);
});

test("a body that is cut anywhere goes to no provider, and the server keeps answering", async () => {
  const bytes = Buffer.from(CHAT);
  const whole = Buffer.concat(chunksOf(bytes, 9));
  const before = upstream.seen.length;
  for (let cut = 0; cut < bytes.length; cut += 3) {
    const announced = await exchange([head([`content-length: ${bytes.length}`]), bytes.subarray(0, cut)], true);
    const chunked = await exchange([head(["transfer-encoding: chunked"]), whole.subarray(0, cut)], true);
    for (const answer of [announced, chunked]) expect([cut, statusOf(answer) < 500]).toEqual([cut, true]);
  }
  expect(upstream.seen).toHaveLength(before);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

test("a length that is wrong, or said in two ways, never lets bytes of one request into another", async () => {
  const bytes = Buffer.byteLength(CHAT);
  const before = upstream.seen.length;
  const lies: string[][] = [
    ["content-length: -1"],
    ["content-length: 1e3"],
    ["content-length: 0x10"],
    ["content-length: 99999999999999999999"],
    [`content-length: ${bytes}`, `content-length: ${bytes - 1}`],
    [`content-length: ${bytes}`, "transfer-encoding: chunked"],
    ["transfer-encoding: gzip"],
    ["transfer-encoding: xchunked"],
    ["content-length: 5"],
    ["content-length: 0"],
    [],
  ];
  for (const lines of lies) {
    const status = statusOf(await exchange([head(lines), CHAT], true));
    expect([lines, status === 0 || (status >= 400 && status < 500)]).toEqual([lines, true]);
  }
  for (const chunk of ["zz\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n", "ffffffffffffffff\r\n{}", "2\r\n{}xx\r\n0\r\n\r\n"]) {
    const status = statusOf(await exchange([head(["transfer-encoding: chunked"]), chunk], true));
    expect([chunk, status === 0 || (status >= 400 && status < 500)]).toEqual([chunk, true]);
  }
  expect(upstream.seen).toHaveLength(before);
});

test("numbers and texts that JavaScript cannot hold go to the provider as they came", async () => {
  const odd = '"seed":123456789012345678901234567890,"top_p":0.10000000000000000001,"user":"\\ud800","x":1e999';
  const body = `${CHAT.slice(0, -1)},${odd}}`;
  const raw: string[] = [];
  const listener = Bun.serve({
    port: 0,
    fetch: async (request) => {
      if (new URL(request.url).pathname.endsWith("/models")) return Response.json({ data: [{ id: "one" }] });
      raw.push(await request.text());
      const message = { role: "assistant", content: "Baik" };
      return Response.json({
        id: "1",
        object: "chat.completion",
        choices: [{ index: 0, message, finish_reason: "stop" }],
      });
    },
  });
  const host = `127.0.0.1:${listener.port}`;
  const other = await startServer({
    OPENAI_API_KEY: "sk-invented",
    OPENAI_BASE_URL: `http://${host}/v1`,
    ALLOW_PRIVATE_UPSTREAM: host,
  });
  const { secret } = await (await other.visitor().join("owner@example.com")).createKey();
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const answer = await fetch(`${other.url}/api/v1/chat/completions`, { method: "POST", headers, body });
  expect([answer.status, raw.length]).toEqual([200, 1]);
  expect(raw[0]).toContain('"seed":123456789012345678901234567890,"top_p":0.10000000000000000001,"user":"\\ud800"');
  await other.stop();
  await listener.stop(true);
});

test("a body that never ends is given up with 408, whether its length was announced or not", async () => {
  for (const announced of [true, false]) {
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([0x7b])),
    });
    const headers: Record<string, string> = announced ? { "content-length": "100" } : {};
    const request = new Request("http://localhost/", { method: "POST", headers, body: endless });
    const limits = { maxBytes: 1_000, maxDepth: 8, arrivalTimeoutMs: 10 };
    await expect(readJsonBody(request, limits)).rejects.toMatchObject({ code: "body_late", status: 408 });
  }
});
