import { afterEach, expect, test } from "bun:test";
import { createServer, type Server, type Socket } from "node:net";
import { createCertificate } from "../../../../test/support/certificate.ts";
import { HttpClient, type HttpRequest } from "./client.ts";
import { KeptConnectionClosed } from "./exchange.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that does this with each request, told which of its connection it is. */
async function serve(
  onRequest: (socket: Socket, about: { number: number; bytes: Buffer }) => void,
  host = "127.0.0.1",
) {
  const sockets: Socket[] = [];
  const usual = new HttpClient();
  const server = createServer((socket) => {
    sockets.push(socket);
    let number = 0;
    socket.on("error", () => {});
    socket.on("data", (bytes) => onRequest(socket, { number: number++, bytes: Buffer.from(bytes) }));
  });
  servers.push(server);
  const begun = Promise.withResolvers<void>();
  server.listen(0, host, () => begun.resolve());
  await begun.promise;
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const send = (more: Partial<HttpRequest> = {}, client = usual) =>
    client.send({
      ...{ method: "POST", path: "/v1", host: "upstream", headers: {}, body: new TextEncoder().encode("{}") },
      ...{ place: { address: host, port, serverName: null }, isFresh: false, onConnected: () => {} },
      signal: new AbortController().signal,
      ...more,
    });
  return { send, sockets };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(5);
}

const answerWith = (body: string) => `${OK}content-length: ${body.length}\r\n\r\n${body}`;

test("a connection carries one request after the other, and never two at once", async () => {
  const { send, sockets } = await serve((socket) => void socket.write(answerWith("ok")));
  for (let round = 0; round < 3; round++) expect(await (await send()).text()).toBe("ok");
  expect(sockets).toHaveLength(1);
  await Promise.all([send(), send()]);
  expect(sockets).toHaveLength(2);
});

test("IPv6 is an address as any other", async () => {
  const { send } = await serve((socket) => void socket.write(answerWith("six")), "::1");
  expect(await (await send()).text()).toBe("six");
});

test("of an answer that nobody reads no more is taken than stands in buffers, and all of it comes in order when somebody does", async () => {
  const line = Buffer.from("x".repeat(64 * 1024 - 1));
  const lines = 2_000;
  let written = 0;
  const { send } = await serve((socket) => {
    socket.write(`${OK}content-length: ${lines * (line.length + 1)}\r\n\r\n`);
    const more = () => {
      while (written < lines) {
        const piece = Buffer.concat([line, Buffer.from([written % 251])]);
        written++;
        if (!socket.write(piece)) {
          socket.once("drain", more);
          return;
        }
      }
    };
    more();
  });
  const answer = await send();
  let looks: number[] = [];
  await until(() => {
    looks = [...looks.slice(-20), written];
    return looks.length > 20 && new Set(looks).size === 1;
  });
  expect(written).toBeLessThan(lines / 2);
  let length = 0;
  for await (const piece of answer.body ?? []) {
    for (let at = line.length - (length % (line.length + 1)); at < piece.length; at += line.length + 1) {
      expect(piece[at]).toBe(Math.floor((length + at) / (line.length + 1)) % 251);
    }
    length += piece.length;
  }
  expect(length).toBe(lines * (line.length + 1));
});

test("whoever leaves an answer, by its signal or by its body, ends its connection", async () => {
  const { send, sockets } = await serve((socket) => void socket.write(`${OK}content-length: 100\r\n\r\nsome`));
  const leaving = new AbortController();
  const aborted = await send({ signal: leaving.signal });
  leaving.abort(new Error("gone"));
  await expect(aborted.text()).rejects.toThrow("gone");
  await (await send()).body?.cancel();
  const early = new AbortController();
  early.abort(new Error("never"));
  await expect(send({ signal: early.signal })).rejects.toThrow("never");
  await until(() => sockets.every((socket) => socket.destroyed));
  expect(sockets).toHaveLength(2);
});

test("whoever leaves in the moment in which there is a connection sends nothing, and leaves none behind", async () => {
  let heard = 0;
  const { send, sockets } = await serve((socket) => {
    heard++;
    socket.write(answerWith("ok"));
  });
  const leave = () => {
    const leaving = new AbortController();
    return { signal: leaving.signal, onConnected: () => leaving.abort(new Error("gone")) };
  };
  await expect(send(leave())).rejects.toThrow("gone");
  await (await send()).text();
  await expect(send(leave())).rejects.toThrow("gone");
  await until(() => sockets.length === 2 && sockets.every((socket) => socket.destroyed));
  expect(heard).toBe(1);
});

test("what came before a break is read before the break", async () => {
  for (const end of [(socket: Socket) => void socket.resetAndDestroy(), (socket: Socket) => void socket.end()]) {
    const { send, sockets } = await serve((socket) => void socket.write(`${OK}content-length: 100\r\n\r\nsome`));
    const reader = (await send()).body?.getReader();
    end(sockets[0]!);
    await until(() => sockets[0]!.destroyed);
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("some");
    await expect(reader!.read()).rejects.toMatchObject({ code: "ECONNRESET" });
  }
});

test("a connection on which something comes behind an answer, or whose answer was not clear about its end, is used no more", async () => {
  for (const answer of [
    `${answerWith("ok")}!`,
    `${OK}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n!`,
    `${OK}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    `${OK}connection: close\r\ncontent-length: 2\r\n\r\nok`,
  ]) {
    const { send, sockets } = await serve((socket) => void socket.write(answer));
    for (let round = 0; round < 2; round++) expect(await (await send()).text()).toBe("ok");
    expect(sockets).toHaveLength(2);
  }
});

test("a connection that says something unasked, or is closed, while it is kept, is never used again", async () => {
  const { send, sockets } = await serve((socket) => void socket.write(answerWith("ok")));
  await (await send()).text();
  sockets[0]!.write(answerWith("evil"));
  await until(() => sockets[0]!.destroyed);
  expect(await (await send()).text()).toBe("ok");
  sockets[1]!.end();
  await until(() => sockets[1]!.destroyed);
  expect(await (await send()).text()).toBe("ok");
  expect(sockets).toHaveLength(3);
});

test("who gets no answer on a kept connection is told so, on a new one the reason, and behind the first byte always", async () => {
  const { send } = await serve((socket, { number }) => {
    if (number === 0) socket.write(answerWith("ok"));
    else socket.resetAndDestroy();
  });
  await (await send()).text();
  await expect(send()).rejects.toBeInstanceOf(KeptConnectionClosed);
  const partly = await serve((socket, { number }) => {
    if (number === 0) socket.write(answerWith("ok"));
    else socket.write("HTTP/1.1 200 OK\r\nx: y", () => socket.resetAndDestroy());
  });
  await (await partly.send()).text();
  await expect(partly.send()).rejects.not.toBeInstanceOf(KeptConnectionClosed);
  const fresh = await serve((socket) => void socket.resetAndDestroy());
  await expect(fresh.send()).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("a long request is written at the pace of the server, and an answer that comes before its end is given", async () => {
  const body = new Uint8Array(20_000_000).fill(7);
  let received = 0;
  const { send, sockets } = await serve((socket, { bytes }) => {
    received += bytes.length;
    if (received > body.length) socket.write(answerWith("all of it"));
  });
  expect(await (await send({ body })).text()).toBe("all of it");
  expect(received).toBeGreaterThan(body.length);

  const hasty = await serve((socket) => {
    socket.pause();
    socket.write("HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno");
  });
  const refused = await hasty.send({ body });
  expect([refused.status, await refused.text()]).toEqual([413, "no"]);
  expect(sockets).toHaveLength(1);
});

test("an answer that is not there yet is no reason to be read in one piece: each event comes when it is sent", async () => {
  const { send, sockets } = await serve((socket) => void socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`));
  const reader = (await send()).body!.getReader();
  for (const word of ["one", "two"]) {
    sockets[0]!.write(`3\r\n${word}\r\n`);
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe(word);
  }
  sockets[0]!.write("0\r\n\r\n");
  expect((await reader.read()).done).toBe(true);
});

test("over TLS nothing is sent to whoever cannot prove the name, nor to whoever does not speak it", async () => {
  const mine = createCertificate("upstream.example.com");
  let heard = 0;
  const secure = Bun.listen({
    ...{ hostname: "127.0.0.1", port: 0, tls: { cert: mine.cert, key: mine.key } },
    socket: {
      data: (socket) => {
        heard++;
        socket.write(answerWith("secret"));
      },
    },
  });
  const { send } = await serve((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const place = (serverName: string, port: number) => ({ place: { address: "127.0.0.1", port, serverName } });
  const trusting = new HttpClient({ ca: mine.cert });
  expect(await (await send(place("upstream.example.com", secure.port), trusting)).text()).toBe("secret");
  heard = 0;
  await expect(send(place("other.example.com", secure.port), trusting)).rejects.toMatchObject({
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
  await expect(send(place("upstream.example.com", secure.port))).rejects.toThrow();
  expect(heard).toBe(0);
  secure.stop(true);
  const plain = servers[0]?.address();
  const port = typeof plain === "object" && plain !== null ? plain.port : 0;
  await expect(send(place("upstream.example.com", port), trusting)).rejects.toThrow();
});
