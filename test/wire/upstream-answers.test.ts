/** What a provider may do on the wire, byte by byte, and what the outbound client makes of it. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { createServer, type Server, type Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { AddressGuard } from "../../src/gateway/transport/address-guard.ts";
import { boundedText } from "../../src/gateway/transport/bounded-text.ts";
import { createTransport, type OutboundRequest, type Transport } from "../../src/gateway/transport/transport.ts";
import { createCertificate } from "../support/certificate.ts";

/** What the raw server does with the request of this number on its connection. */
type Behaviour = (socket: Socket, requestNumber: number) => void;

let server: Server;
let transport: Transport;
let url = "";
let behaviour: Behaviour = () => {};
let connections = 0;

beforeAll(async () => {
  server = createServer((socket) => {
    connections++;
    let requests = 0;
    socket.on("error", () => {});
    socket.on("data", () => behaviour(socket, requests++));
  });
  const begun = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => begun.resolve());
  await begun.promise;
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  url = `http://${host}/v1/chat/completions`;
  transport = createTransport(new AddressGuard({ allowPrivate: [host] }));
});
afterAll(() => void server.close());
beforeEach(() => {
  connections = 0;
});

const send = (more: Partial<OutboundRequest> = {}) =>
  transport.send({
    method: "POST",
    url,
    headers: { "content-type": "application/json", "accept-encoding": "identity" },
    body: new TextEncoder().encode("{}"),
    signal: new AbortController().signal,
    firstByteTimeoutMs: 20_000,
    ...more,
  });

const answerWith = (text: string): Behaviour => {
  return (socket) => void socket.end(text);
};
const OK = "HTTP/1.1 200 OK\r\n";

test("an answer that grows when it is unpacked is given up at its bound, whatever length it announced", async () => {
  const zeros = Buffer.alloc(8_000_000);
  for (const [name, pack] of Object.entries({
    gzip: gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
  })) {
    const packed = pack(zeros);
    expect(packed.length).toBeLessThan(100_000);
    behaviour = (socket) => {
      socket.write(`${OK}content-encoding: ${name}\r\ncontent-length: ${packed.length}\r\n\r\n`);
      socket.end(packed);
    };
    await expect(boundedText(await send(), 1_000_000)).rejects.toThrow("longer than 1000000 bytes");
    expect(await boundedText(await send(), 8_000_000)).toHaveLength(8_000_000);
  }
});

test("an answer that announces one length and sends another in chunks is held to the bound all the same", async () => {
  const chunk = "x".repeat(65_536);
  const chunks = `10000\r\n${chunk}\r\n`.repeat(20);
  behaviour = answerWith(`${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
  await expect(send().then((answer) => boundedText(answer, 100_000))).rejects.toThrow();
});

test("an answer that is shorter than it announced is a broken one, never a whole one", async () => {
  for (const body of ["content-length: 100\r\n\r\n{}", "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"]) {
    behaviour = answerWith(OK + body);
    await expect(send().then((answer) => boundedText(answer, 1_000))).rejects.toThrow();
  }
});

test("lengths that cannot be, heads without an end and other protocols are no answer", async () => {
  const heads = [
    `${OK}content-length: -5\r\n\r\nhello`,
    `${OK}content-length: 3\r\ncontent-length: 5\r\n\r\nhello`,
    `${OK}content-length: 99999999999999999999\r\n\r\nhello`,
    `${OK}${Array.from({ length: 200 }, (_, index) => `x-${index}: ${"a".repeat(8_000)}\r\n`).join("")}\r\n`,
    `${OK}x-long: ${"a".repeat(2_000_000)}\r\n\r\n`,
    "SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/9.9 200 OK\r\n\r\n",
  ];
  for (const head of heads) {
    behaviour = answerWith(head);
    await expect(send()).rejects.toMatchObject({ kind: "unreachable" });
  }
});

test("bytes behind the end of an answer are not taken for the next one", async () => {
  const smuggled = `${OK}content-length: 4\r\n\r\nevil`;
  behaviour = (socket) => void socket.write(`${OK}content-length: 4\r\n\r\ngood${smuggled}`);
  for (let round = 0; round < 3; round++) expect(await boundedText(await send(), 100)).toBe("good");
});

test("a POST that is reset on a kept connection is sent once more on a fresh one", async () => {
  behaviour = (socket, requestNumber) => {
    if (requestNumber === 0) socket.write(`${OK}content-length: 2\r\n\r\nok`);
    else socket.resetAndDestroy();
  };
  for (let round = 0; round < 4; round++) expect(await boundedText(await send(), 100)).toBe("ok");
  expect(connections).toBeGreaterThan(3);
});

test("a POST is sent a second time only behind a kept connection that broke, and never a third time", async () => {
  let received = 0;
  behaviour = (socket) => {
    received++;
    if (received === 1) socket.write(`${OK}content-length: 2\r\n\r\nok`);
    else socket.resetAndDestroy();
  };
  // Connections that other tests have left are not this one's.
  const { host } = new URL(url);
  transport = createTransport(new AddressGuard({ allowPrivate: [host] }));
  expect(await boundedText(await send(), 100)).toBe("ok");
  await expect(send()).rejects.toMatchObject({ kind: "unreachable" });
  expect(received).toBe(3);
  await expect(send()).rejects.toMatchObject({ kind: "unreachable" });
  expect(received).toBe(4);
});

test("a burst of 200 calls over TLS finds its connections again in the next burst", async () => {
  const mine = createCertificate("upstream.example.com");
  const clients = new Set<string>();
  let arrived = 0;
  let all = Promise.withResolvers<void>();
  const burst = 200;
  const secure = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    tls: mine,
    fetch: async (request, running) => {
      const peer = running.requestIP(request);
      clients.add(`${peer?.address}:${peer?.port}`);
      // Nobody is answered before everybody is there, so that each needs a connection of its own.
      if (++arrived === burst) all.resolve();
      await all.promise;
      return new Response("ok");
    },
  });
  const place = `upstream.example.com:${secure.port}`;
  const resolve = async () => ["127.0.0.1"];
  const tls = createTransport(new AddressGuard({ allowPrivate: [place], resolve }), { ca: mine.cert });
  const perRound: number[] = [];
  for (let round = 0; round < 3; round++) {
    const before = clients.size;
    arrived = 0;
    all = Promise.withResolvers<void>();
    const answers = Array.from({ length: burst }, async () => {
      const { signal } = new AbortController();
      const answer = await tls.send({
        method: "GET",
        url: `https://${place}/`,
        headers: {},
        signal,
        firstByteTimeoutMs: 20_000,
      });
      return answer.text();
    });
    await Promise.all(answers);
    perRound.push(clients.size - before);
  }
  expect(perRound).toEqual([burst, 0, 0]);
  await secure.stop(true);
});
