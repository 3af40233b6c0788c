import { afterEach, describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import { startBlackhole } from "../../../test/support/fault-provider/blackhole.ts";
import { nextTurn } from "../../kernel/next-turn.ts";
import { Deadlines } from "../deadlines.ts";
import { AddressGuard } from "./address-guard.ts";
import { boundedText } from "./bounded-text.ts";
import { createTransport, type OutboundRequest, type TransportOptions } from "./transport.ts";

let server: Bun.Server<undefined> | undefined;
afterEach(async () => {
  await server?.stop(true);
});

function serve(answer: (request: Request) => Response | Promise<Response>, options: TransportOptions = {}) {
  const started = Bun.serve({ port: 0, fetch: answer });
  server = started;
  const host = `127.0.0.1:${started.port}`;
  const transport = createTransport(new AddressGuard({ allowPrivate: [host] }), options);
  const send = (more: Partial<OutboundRequest> = {}) =>
    transport.send({
      method: "GET",
      url: `http://${host}/v1/models`,
      headers: {},
      signal: new AbortController().signal,
      firstByteTimeoutMs: 5_000,
      ...more,
    });
  return { send, transport };
}

test("a provider that sends no byte in time is a timeout, and aborting then ends its connection", async () => {
  const left = Promise.withResolvers<void>();
  const { send } = serve(async (request) => {
    request.signal.addEventListener("abort", () => left.resolve());
    await left.promise;
    return new Response();
  });
  const ending = new AbortController();
  await expect(send({ firstByteTimeoutMs: 30, signal: ending.signal })).rejects.toMatchObject({ kind: "timeout" });
  ending.abort();
  await left.promise;
});

test("a caller that leaves is told apart from a provider that is not there", async () => {
  const { send } = serve(() => new Promise(() => {}));
  const leaving = new AbortController();
  const answer = send({ signal: leaving.signal });
  leaving.abort();
  await expect(answer).rejects.toMatchObject({ kind: "aborted" });
  await server?.stop(true);
  await expect(send()).rejects.toMatchObject({ kind: "unreachable" });
});

test("no redirect is followed", async () => {
  let asked = 0;
  const { send } = serve(() => {
    asked++;
    return new Response(null, { status: 307, headers: { location: "/elsewhere" } });
  });
  expect([(await send()).status, asked]).toEqual([307, 1]);
});

test("an address that the guard refuses is never connected to", async () => {
  let asked = 0;
  serve(() => {
    asked++;
    return new Response();
  });
  const strict = createTransport(new AddressGuard({ allowPrivate: [] }));
  const request = {
    method: "GET" as const,
    headers: {},
    signal: new AbortController().signal,
    firstByteTimeoutMs: 5_000,
  };
  for (const url of [
    `http://127.0.0.1:${server?.port}/`,
    `http://localhost:${server?.port}/`,
    "http://169.254.169.254/",
  ]) {
    await expect(strict.send({ ...request, url })).rejects.toMatchObject({ kind: "refused" });
  }
  expect(asked).toBe(0);
});

test("an answer without an end is given up at its bound, whether its length was announced or not", async () => {
  const { send } = serve((request) => {
    if (new URL(request.url).pathname.endsWith("models")) {
      const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
      return new Response(endless);
    }
    return new Response("x".repeat(2_000));
  });
  await expect(boundedText(await send(), 1_000_000)).rejects.toThrow("longer than");
  const announced = await send({ url: `http://127.0.0.1:${server?.port}/short` });
  expect(() => boundedText(announced, 1_000)).toThrow("longer than");
  expect(await boundedText(await send({ url: `http://127.0.0.1:${server?.port}/short` }), 2_000)).toHaveLength(2_000);
});

describe("a host that takes no connection and refuses none", () => {
  test("is given up when the connection has not come about, whatever else is waited for", async () => {
    const blackhole = await startBlackhole();
    const transport = createTransport(new AddressGuard({ allowPrivate: [blackhole.host] }), { connectTimeoutMs: 100 });
    const { signal } = new AbortController();
    const request = { method: "GET" as const, url: blackhole.url, headers: {}, signal };
    await expect(transport.send({ ...request, firstByteTimeoutMs: 600_000 })).rejects.toMatchObject({
      kind: "unreachable",
      message: "the connection did not come about in time",
    });
    await expect(transport.send({ ...request, firstByteTimeoutMs: 50 })).rejects.toMatchObject({ kind: "timeout" });
    await blackhole.stop();
  });

  test("is left at once by a caller that leaves", async () => {
    const blackhole = await startBlackhole();
    const transport = createTransport(new AddressGuard({ allowPrivate: [blackhole.host] }));
    const leaving = new AbortController();
    const sent = transport.send({ method: "GET", url: blackhole.url, headers: {}, signal: leaving.signal });
    await nextTurn();
    leaving.abort();
    await expect(sent).rejects.toMatchObject({ kind: "aborted" });
    await blackhole.stop();
  });
});

test("a connection that came about is waited for beyond the time for connecting", async () => {
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs };
  const deadlines = new Deadlines(clock);
  const arrived = Promise.withResolvers<void>();
  const held = Promise.withResolvers<Response>();
  const { send } = serve(
    () => {
      arrived.resolve();
      return held.promise;
    },
    { connectTimeoutMs: 100, clock, deadlines },
  );
  const slow = send({ firstByteTimeoutMs: 60_000 });
  await arrived.promise;
  nowMs = 59_999;
  deadlines.tick();
  held.resolve(new Response("late"));
  expect(await (await slow).text()).toBe("late");
});

test("a request on a kept connection is sent once more where the provider was just closing it, and not where it had been at work", async () => {
  let nowMs = 0;
  let worksMs = 0;
  let requests = 0;
  const provider = createServer((socket) => {
    let isFirst = true;
    socket.on("error", () => {});
    socket.on("data", () => {
      requests++;
      if (isFirst) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      else {
        nowMs += worksMs;
        socket.destroy();
      }
      isFirst = false;
    });
  });
  const listening = Promise.withResolvers<void>();
  provider.listen(0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  const address = provider.address();
  const host = `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const transport = createTransport(new AddressGuard({ allowPrivate: [host] }), {
    clock: { monotonicMs: () => nowMs },
  });
  const { signal } = new AbortController();
  const ask = async () => {
    const answer = await transport.send({ method: "POST", url: `http://${host}/`, headers: {}, signal });
    return answer.text();
  };
  await ask();
  expect([await ask(), requests]).toEqual(["ok", 3]);
  worksMs = 30_000;
  await expect(ask()).rejects.toMatchObject({ kind: "unreachable" });
  expect(requests).toBe(4);
  provider.close();
});
