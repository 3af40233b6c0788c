/**
 * A closed loop of requests over kept connections: as many requests under way as there are connections, each sent when
 * the answer before it is complete. It speaks just enough HTTP/1.1 over raw sockets to cost little beside what it
 * measures.
 */

export interface Load {
  /** Of the endpoint, with http:. */
  url: string;
  headers: Record<string, string>;
  /** Sent in turns as Bearer, in place of the header above. */
  keys?: readonly string[];
  body: string;
  connections: number;
  requests: number;
  /** A text that stands in every right answer. */
  expected: string;
}

export interface LoadResult {
  seconds: number;
  /** One for each request. */
  latenciesMs: Float64Array;
}

interface Connection {
  received: Buffer;
  sentAtMs: number;
}

/** So long may all connections wait together; some programs come to a standstill under load. */
const STANDSTILL_MS = 30_000;
const END_OF_HEAD = "\r\n\r\n";
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");

/**
 * Sends all requests. Rejects at the first answer that is not a complete 200 with the expected text, and when none comes at all
 * for STANDSTILL_MS.
 */
export async function runLoad(load: Load): Promise<LoadResult> {
  const { hostname, port } = new URL(load.url);
  const messages = (load.keys ?? [undefined]).map((key) => requestBytes(load, key));
  const latenciesMs = new Float64Array(load.requests);
  let sent = 0;
  let answered = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sockets: Bun.Socket<Connection>[] = [];
  const sendNext = (socket: Bun.Socket<Connection>) => {
    if (sent === load.requests) return;
    const message = messages[sent++ % messages.length];
    socket.data.sentAtMs = performance.now();
    if (message) socket.write(message);
  };
  const onData = (socket: Bun.Socket<Connection>, bytes: Buffer) => {
    const connection = socket.data;
    connection.received =
      connection.received.length === 0 ? Buffer.from(bytes) : Buffer.concat([connection.received, bytes]);
    if (!isWhole(connection.received)) return;
    const problem = problemWith(connection.received, load.expected);
    if (problem !== undefined) return reject(new Error(problem));
    latenciesMs[answered++] = performance.now() - connection.sentAtMs;
    connection.received = Buffer.alloc(0);
    if (answered === load.requests) resolve();
    else sendNext(socket);
  };
  const closed = () => reject(new Error("the server closed a connection during the load"));
  for (let index = 0; index < load.connections; index++) {
    const data = { received: Buffer.alloc(0), sentAtMs: 0 };
    const handlers = { data: onData, close: closed, error: (_: unknown, error: Error) => reject(error) };
    sockets.push(await Bun.connect<Connection>({ hostname, port: Number(port), data, socket: handlers }));
  }
  let seen = -1;
  const watch = setInterval(() => {
    if (seen === answered) reject(new Error(`no answer came for ${STANDSTILL_MS / 1_000} seconds during the load`));
    seen = answered;
  }, STANDSTILL_MS);
  try {
    const startedMs = performance.now();
    for (const socket of sockets) sendNext(socket);
    await promise;
    return { seconds: (performance.now() - startedMs) / 1000, latenciesMs };
  } finally {
    clearInterval(watch);
    for (const socket of sockets) socket.end();
  }
}

function requestBytes({ url, headers, body }: Load, key: string | undefined): Buffer {
  const { host, pathname } = new URL(url);
  const all: Record<string, string> = { host, "content-length": String(Buffer.byteLength(body)), ...headers };
  if (key !== undefined) all.authorization = `Bearer ${key}`;
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([`POST ${pathname} HTTP/1.1`, ...lines, "", body].join("\r\n"));
}

/** The answers are JSON, in which the mark of the last chunk cannot stand. */
function isWhole(received: Buffer): boolean {
  const headLength = received.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
  if (headLength < END_OF_HEAD.length) return false;
  const head = received.toString("latin1", 0, headLength);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return received.length >= headLength + Number(length);
  return received.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
}

function problemWith(received: Buffer, expected: string): string | undefined {
  const isGood = received.toString("latin1", 0, 12) === "HTTP/1.1 200" && received.includes(expected);
  return isGood ? undefined : `a wrong answer came during the load:\n${received.toString("utf8", 0, 1_000)}`;
}
