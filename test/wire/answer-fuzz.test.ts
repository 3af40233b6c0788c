/**
 * Answers as no server should send them, and as every server may: what the outbound client makes of any of them. Behind
 * each stands another request on the same place, whose answer must be its own, whatever came before.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { HttpClient } from "../../src/gateway/transport/http1/client.ts";
import { KeptConnectionClosed } from "../../src/gateway/transport/http1/exchange.ts";

/** What is sent for one request: pieces in turn, and then maybe an end. */
interface Script {
  pieces: Buffer[];
  end: "none" | "fin" | "reset";
}

let server: Server;
let port = 0;
let client = new HttpClient();
const scripts = new Map<string, Script>();
/** All of the last script has been sent. */
let playing = Promise.resolve();

const PROBE = "/probe/";
const OK = "HTTP/1.1 200 OK\r\n";
/** What a smuggler would have taken for the answer to somebody else. */
const EVIL = `${OK}content-length: 4\r\nx-evil: yes\r\n\r\nevil`;
/** However long a body is said to be, nobody waits longer for one that does not come. */
const PATIENCE_MS = 2_000;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      const path = bytes.toString().split(" ")[1] ?? "";
      const script = scripts.get(path);
      if (script) playing = play(socket, script);
      else socket.write(`${OK}content-length: ${path.length}\r\n\r\n${path}`);
    });
  });
  const begun = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => begun.resolve());
  await begun.promise;
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => void server.close());

async function play(socket: Socket, { pieces, end }: Script): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece);
    // So that each is read by itself, mostly.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (end === "fin") socket.end();
  if (end === "reset") socket.resetAndDestroy();
}

let asked = 0;

type Heard = { status: number; text: string } | "nothing" | "endless";

async function ask(path: string, isFresh = false): Promise<Heard> {
  const leaving = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<Heard>();
  const timer = setTimeout(() => resolve("endless"), PATIENCE_MS);
  const place = { address: "127.0.0.1", port, serverName: null };
  const request = { method: "POST" as const, path, host: "upstream", headers: {}, body: undefined };
  const send = (isFresh: boolean) =>
    client.send({ ...request, place, isFresh, onConnected: () => {}, signal: leaving.signal });
  const hearing = (async (): Promise<Heard> => {
    try {
      const answer = await send(isFresh).catch((error) => {
        if (error instanceof KeptConnectionClosed) return send(true);
        throw error;
      });
      return {
        status: answer.status,
        text: Buffer.from(await new Response(answer.body).arrayBuffer()).toString("latin1"),
      };
    } catch {
      return "nothing";
    }
  })();
  const heard = await Promise.race([hearing, late]);
  clearTimeout(timer);
  leaving.abort();
  return heard;
}

async function askFor(script: Script): Promise<Heard> {
  const path = `/script/${asked++}`;
  scripts.set(path, script);
  const heard = await ask(path);
  scripts.delete(path);
  return heard;
}

/** Whoever asks next hears their own answer, from this connection or another. */
async function othersAreSafe(): Promise<void> {
  await playing;
  // The first has a connection of its own: when it is answered, what was on its way on others has come.
  for (const isFresh of [true, false, false]) {
    const path = `${PROBE}${asked++}`;
    expect(await ask(path, isFresh)).toEqual({ status: 200, text: path });
  }
}

const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(EVIL, `0\r\n\r\n${EVIL}`, "\r\n\r\n", `${EVIL}${EVIL}`).map((text) => Buffer.from(text)),
);

interface Answer {
  bytes: Buffer;
  content: Buffer;
  kind: "length" | "chunked" | "until-close";
}

const answers: fc.Arbitrary<Answer> = fc
  .record({
    content,
    kind: fc.constantFrom("length" as const, "chunked" as const, "until-close" as const),
    sizes: fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 20 }),
    interim: fc.boolean(),
    trailer: fc.boolean(),
  })
  .map(({ content, kind, sizes, interim, trailer }) => {
    const before = interim ? "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" : "";
    const fields = {
      length: `content-length: ${content.length}\r\n`,
      chunked: "Transfer-Encoding: chunked\r\n",
      "until-close": "",
    };
    const body = kind === "chunked" ? inChunks(content, sizes, trailer) : content;
    return { content, kind, bytes: Buffer.concat([Buffer.from(`${before}${OK}x: y\r\n${fields[kind]}\r\n`), body]) };
  });

function inChunks(content: Buffer, sizes: readonly number[], trailer: boolean): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0, turn = 0; at < content.length; turn++) {
    const piece = content.subarray(at, at + (sizes[turn % sizes.length] ?? 1));
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n"));
    at += piece.length;
  }
  parts.push(Buffer.from(trailer ? "0\r\nx-sum: 1\r\n\r\n" : "0\r\n\r\n"));
  return Buffer.concat(parts);
}

const cuts = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 12 });

function cutAt(bytes: Buffer, at: readonly number[]): Buffer[] {
  const sorted = [0, ...at.map((one) => one % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to));
}

const SEED = 20_261_127;

test("a whole answer means the same wherever it is cut, and leaves the connection clean", async () => {
  client = new HttpClient();
  await fc.assert(
    fc.asyncProperty(answers, cuts, async ({ bytes, content, kind }, at) => {
      const end = kind === "until-close" ? "fin" : "none";
      const heard = await askFor({ pieces: cutAt(bytes, at), end });
      expect(heard).toEqual({ status: 200, text: content.toString("latin1") });
      await othersAreSafe();
    }),
    { numRuns: 200, seed: SEED },
  );
});

test("an answer that ends anywhere before its end is nothing, never a whole one", async () => {
  client = new HttpClient();
  await fc.assert(
    fc.asyncProperty(answers, fc.nat(), fc.constantFrom("fin" as const, "reset" as const), async (answer, at, end) => {
      fc.pre(answer.kind !== "until-close");
      const cut = at % answer.bytes.length;
      expect(await askFor({ pieces: [answer.bytes.subarray(0, cut)], end })).toBe("nothing");
      await othersAreSafe();
    }),
    { numRuns: 200, seed: SEED },
  );
});

test("whatever comes in, nobody hears an answer that was another's, and nobody is kept waiting once the connection ends", async () => {
  client = new HttpClient();
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom("flip" as const, "drop" as const, "insert" as const, "double" as const),
    byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(10, 13, 32, 48, 57, 58, 44)),
  });
  const fields = fc.constantFrom(
    "",
    "content-length: 3\r\n",
    "content-length: 9999\r\n",
    "content-length : 4\r\n",
    "transfer-encoding: chunked\r\n",
    "transfer-encoding:\tchunked\r\n",
    "transfer-encoding: gzip\r\n",
    "transfer-encoding\r\n : chunked\r\n",
    "connection: close\r\n",
    "connection: keep-alive\r\ncontent-length: 0\r\n",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        ...{ answer: answers, changes: fc.array(change, { maxLength: 4 }), fields, cuts },
        behind: fc.constantFrom("", EVIL, "\r\n", `\r\n${EVIL}`),
        end: fc.constantFrom("fin" as const, "reset" as const),
      }),
      async ({ answer, changes, fields, cuts, behind, end }) => {
        const text = answer.bytes.toString("latin1").replace("x: y\r\n", `x: y\r\n${fields}`);
        const bytes = Buffer.from(changes.reduce(changed, text) + behind, "latin1");
        const heard = await askFor({ pieces: cutAt(bytes, cuts), end });
        expect(heard).not.toBe("endless");
        if (typeof heard === "object") expect(heard.text.length).toBeLessThanOrEqual(bytes.length);
        await othersAreSafe();
      },
    ),
    { numRuns: 600, seed: SEED },
  );
});

test("a connection that is left open behind rubbish answers nobody else", async () => {
  client = new HttpClient();
  const rubbish = fc.oneof(
    fc.constantFrom(EVIL, `\r\n${EVIL}`, "\0", "HTTP/1.1 200 OK\r\n").map((text) => Buffer.from(text)),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(answers, rubbish, fc.boolean(), async ({ bytes, content, kind }, behind, isOnePiece) => {
      fc.pre(kind !== "until-close");
      const pieces = isOnePiece ? [Buffer.concat([bytes, behind])] : [bytes, behind];
      const heard = await askFor({ pieces, end: "none" });
      expect(heard).toEqual({ status: 200, text: content.toString("latin1") });
      await othersAreSafe();
    }),
    { numRuns: 150, seed: SEED },
  );
});

function changed(text: string, { at, how, byte }: { at: number; how: string; byte: number }): string {
  const place = at % (text.length + 1);
  const [before, after] = [text.slice(0, place), text.slice(place)];
  if (how === "insert") return before + String.fromCharCode(byte) + after;
  if (how === "drop") return before + after.slice(1);
  if (how === "double") return before + after.slice(0, 12) + after;
  return before + String.fromCharCode(byte) + after.slice(1);
}
