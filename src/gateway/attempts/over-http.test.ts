import { afterEach, describe, expect, test } from "bun:test";
import {
  bodyOf,
  chunk,
  completion,
  eventStream,
  type Harness,
  type HarnessOptions,
  halo,
  made,
  readStream,
  startDataPlaneWith,
  usageEvent,
} from "../../../test/support/data-plane.ts";
import { FORGIVEN_MS } from "../../../test/support/later.ts";
import { until } from "../../../test/support/visitor.ts";
import { Secret } from "../../kernel/secret.ts";
import { HOLD_BACK_MS } from "./hold-back.ts";

let harness: Harness;
afterEach(() => harness.stop());

type Upstream = Parameters<typeof startDataPlaneWith>[1];
async function start(options: HarnessOptions, ...upstreams: Upstream[]): Promise<void> {
  harness = await startDataPlaneWith(options, ...upstreams);
}

const good = () => Response.json(completion);
const broken = () => Response.json({ error: { message: "no" } }, { status: 500 });
const words = chunk({ content: "Halo" }) + chunk({ content: "!" }, { finish_reason: "stop" }) + usageEvent;
const streamed = () => new Response(`${words}data: [DONE]\n\n`, eventStream);
const stream = { ...halo, stream: true };
/** Says this and then nothing, for as long as it is listened to. */
const unending = (said: string) =>
  new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new TextEncoder().encode(said)) });
const silent = () => new Promise<Response>(() => {});

const key = (id: string, more: object = {}) => ({
  id,
  secret: new Secret(`sk-${id}`),
  weight: 1,
  priority: 0,
  ...more,
});
const keysSeen = () => harness.seen.map(({ headers }) => headers.get("authorization")?.replace("Bearer sk-", ""));
const codeOf = async (answer: Response) => (await bodyOf(answer)).error.metadata.error_code;

/** Answers by key: a status, with what headers it has. */
function byKey(answers: Record<string, [status: number, headers?: Record<string, string>]>): Upstream {
  return (request) => {
    const name = request.headers.get("authorization")?.replace("Bearer sk-", "") ?? "";
    const [status, headers = {}] = answers[name] ?? [200];
    if (status === 200) return good();
    return Response.json({ error: { message: "no" } }, { status, headers });
  };
}

describe("a provider with several keys", () => {
  const credentials = [key("a"), key("b"), key("spare", { priority: 1 })];

  test.each([401, 402, 403, 429])(
    "a key that is refused with %d hands over to the next one, and no other provider is asked",
    async (status) => {
      await start({ credentials }, byKey({ a: [status] }), good);
      const answer = await harness.call(halo);
      expect(answer.status).toBe(200);
      expect(keysSeen()).toEqual(["a", "b"]);
      expect(harness.seen.map(({ by }) => by)).toEqual([0, 0]);
      expect(harness.kept[0]?.attempts).toMatchObject([
        {
          credential: "a",
          status,
          errorCode: status === 429 ? "provider_rate_limited" : "provider_auth",
          hedged: false,
        },
        { credential: "b", status: 200, errorCode: null, hedged: false },
      ]);
      expect(JSON.stringify(harness.kept)).not.toContain("sk-");
    },
  );

  test.each([404, 413])("a provider that answers %d hands over to the next one of the model", async (status) => {
    await start({}, () => Response.json({ error: { message: "no" } }, { status }), good);
    const answer = await harness.call(halo);
    expect(answer.status).toBe(200);
    expect(harness.seen.map(({ by }) => by)).toEqual([0, 1]);
  });

  test("a failure of the provider itself hands over to the next provider at once", async () => {
    await start({ credentials }, broken, good);
    expect((await harness.call(halo)).status).toBe(200);
    expect(harness.seen.map(({ by }) => by)).toEqual([0, 1]);
  });

  test("a key that is to be left alone is left alone for its model only, and for no shorter than it says", async () => {
    await start({ credentials }, byKey({ a: [429, { "retry-after": "20" }] }));
    await harness.call(halo);
    await harness.call(halo);
    expect(keysSeen()).toEqual(["a", "b", "b"]);
    await harness.call({ ...halo, model: "p0/only" });
    expect(keysSeen().slice(3)).toEqual(["a", "b"]);
    harness.pass(19_000);
    await harness.call(halo);
    expect(keysSeen().slice(5)).toEqual(["b"]);
    harness.pass(4_000);
    await harness.call(halo);
    expect(keysSeen().slice(6)).toEqual(["a", "b"]);
  });

  test("a spare key is used while the others are left alone, and when all are, the client is told how long to wait", async () => {
    const limited = (seconds: number): [number, Record<string, string>] => [429, { "retry-after": String(seconds) }];
    await start({ credentials }, byKey({ a: limited(9), b: limited(30), spare: limited(50) }));
    const first = await harness.call(halo);
    expect([first.status, keysSeen()]).toEqual([429, ["a", "b", "spare"]]);
    const second = await harness.call(halo);
    expect([second.status, second.headers.get("retry-after"), await codeOf(second)]).toEqual([
      429,
      "9",
      "provider_rate_limited",
    ]);
    expect(harness.seen).toHaveLength(3);
    expect(harness.kept[1]).toMatchObject({ status: 429, attempts: [], costNano: 0n });
  });
});

describe("a provider that fails again and again", () => {
  const many = async (count: number, body: object = halo) => {
    const answers = [];
    for (let one = 0; one < count; one++) answers.push(await harness.call(body));
    return answers;
  };

  test("is left alone, so that clients hear at once when to come back", async () => {
    await start({ random: () => 0.999 }, broken);
    await many(30);
    const asked = harness.seen.length;
    expect(asked).toBeLessThan(15);
    const answer = await harness.call(halo);
    expect([answer.status, await codeOf(answer)]).toEqual([503, "provider_resting"]);
    // Two seconds, of which a busy machine may have used one.
    expect([1, 2]).toContain(Number(answer.headers.get("retry-after")));
    expect(harness.seen).toHaveLength(asked);
  });

  test("is asked by one request when its rest is over, and by all again once that was answered", async () => {
    let answer: () => Response | Promise<Response> = broken;
    await start({}, () => answer());
    await many(12);
    const asked = harness.seen.length;
    harness.pass(FORGIVEN_MS);
    const held = Promise.withResolvers<void>();
    answer = () => held.promise.then(good);
    const probe = harness.call(halo);
    await until(async () => harness.seen.length > asked);
    const others = await many(3);
    expect(others.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(harness.seen).toHaveLength(asked + 1);
    held.resolve();
    expect((await probe).status).toBe(200);
    answer = good;
    expect((await many(3)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test("in the middle of its streams is left alone too", async () => {
    await start({}, () => new Response(chunk({ content: "Half" }), eventStream));
    for (const answer of await many(12, stream)) await answer.text();
    expect((await harness.call(stream)).status).toBe(503);
  });

  test("no number of requests that are wrong, or that are left, keeps anybody else from being answered", async () => {
    let status = 400;
    await start({}, (_, body) => {
      if (body.includes("leave")) return silent();
      return body.includes("wrong") ? Response.json({ error: { message: "no" } }, { status }) : good();
    });
    for (status of [400, 403, 404, 413, 422]) await many(20, { ...halo, user: "wrong" });
    for (let one = 0; one < 20; one++) {
      const leaving = new AbortController();
      const left = harness.call({ ...halo, user: "leave" }, { signal: leaving.signal }).catch(() => null);
      const before = harness.kept.length;
      await until(async () => harness.seen.filter(({ body }) => body.includes("leave")).length > one);
      leaving.abort();
      await left;
      await until(async () => harness.kept.length > before);
    }
    expect((await harness.call(halo)).status).toBe(200);
    expect(harness.kept.at(-1)?.attempts).toHaveLength(1);
  });
});

describe("time", () => {
  test("a stream that does not begin in time is given by the next provider", async () => {
    await start({ timeouts: { firstByteMs: 100 } }, silent, streamed);
    const { events } = await readStream(await harness.call(stream));
    expect(events.at(-1)).toBe("[DONE]");
    expect(harness.kept[0]?.attempts).toMatchObject([
      { provider: "p0", status: 0, errorCode: "provider_timeout" },
      { provider: "p1", status: 200 },
    ]);
  });

  test("a stream that falls silent before its first word is given by the next provider", async () => {
    const role = chunk({ role: "assistant", content: "" });
    await start({ timeouts: { silenceMs: 100 } }, () => new Response(unending(role), eventStream), streamed);
    const { events } = await readStream(await harness.call(stream));
    expect(events.at(-1)).toBe("[DONE]");
    expect(harness.kept[0]?.attempts).toMatchObject([
      { provider: "p0", status: 0, errorCode: "provider_timeout" },
      { provider: "p1", status: 200 },
    ]);
  });

  test("a stream that thinks for long without a word is begun, and goes on where it was", async () => {
    const source = new TransformStream<Uint8Array, Uint8Array>();
    const writer = source.writable.getWriter();
    const encoder = new TextEncoder();
    void writer.write(encoder.encode(chunk({ role: "assistant", content: "" })));
    await start(
      { timeouts: { firstByteMs: 1e9, silenceMs: 1e9, answerMs: 1e9 } },
      () => new Response(source.readable, eventStream),
    );
    let isBegun = false;
    const answer = harness.call(stream).then((begun) => {
      isBegun = true;
      return begun;
    });
    await until(async () => harness.seen.length === 1);
    // The event may still be on its way when time begins to pass.
    await until(async () => {
      harness.pass(HOLD_BACK_MS / 10);
      return isBegun;
    });
    void writer.write(encoder.encode(`${words}data: [DONE]\n\n`)).then(() => writer.close());
    const { events } = await readStream(await answer);
    const said = events.slice(0, 3).map((event) => JSON.parse(event).choices[0].delta.content);
    expect([said, events.at(-1)]).toEqual([["", "Halo", "!"], "[DONE]"]);
  });

  test("a status line without an event behind it is no beginning", async () => {
    const begun = () => new Response(new ReadableStream({ start: () => {} }), eventStream);
    await start({ timeouts: { firstByteMs: 100 } }, begun, streamed);
    const { events } = await readStream(await harness.call(stream));
    expect(events.at(-1)).toBe("[DONE]");
  });

  test("whatever is tried, the answer comes when the time for all attempts is up", async () => {
    await start({ timeouts: { answerMs: 200 } }, silent, silent);
    const answer = await harness.call(halo);
    expect([answer.status, await codeOf(answer)]).toEqual([504, "provider_timeout"]);
    expect(harness.seen).toHaveLength(1);
  });
});

describe("a stream that is slower than usual", () => {
  /** Twenty streams, so that the endpoint's usual time is known. */
  const warmUp = async () => {
    for (let one = 0; one < 20; one++) await (await harness.call(stream)).text();
    harness.kept.length = 0;
    harness.seen.length = 0;
  };
  const asks = { "x-gapura-hedge": "on" };
  const call = async (headers: Record<string, string> = {}) =>
    readStream(await harness.call(stream, { headers: { authorization: `Bearer ${made.key}`, ...headers } }));

  test("is answered by a second provider that is faster, and the first is stopped and costs the client nothing", async () => {
    let isSlow = false;
    const left = Promise.withResolvers<void>();
    const first = (request: Request) => {
      if (!isSlow) return streamed();
      request.signal.addEventListener("abort", () => left.resolve());
      return silent();
    };
    await start({ hedging: "request" }, first, streamed);
    await warmUp();
    isSlow = true;
    expect((await call(asks)).events.at(-1)).toBe("[DONE]");
    await left.promise;
    expect(harness.seen.map(({ by }) => by)).toEqual([0, 1]);
    expect(harness.kept[0]).toMatchObject({ provider: "P1", completionTokens: 3 });
    // In the order in which they began.
    expect(harness.kept[0]?.attempts).toMatchObject([
      { provider: "p0", status: 0, hedged: false, errorCode: null },
      { provider: "p1", status: 200, hedged: true, errorCode: null },
    ]);
  });

  test("is not begun by an event without a word", async () => {
    let isSlow = false;
    const role = chunk({ role: "assistant", content: "" });
    const first = () => (isSlow ? new Response(unending(role), eventStream) : streamed());
    await start({ hedging: "always" }, first, streamed);
    await warmUp();
    isSlow = true;
    expect((await call()).events.at(-1)).toBe("[DONE]");
    expect(harness.kept[0]).toMatchObject({ provider: "P1" });
  });

  test("is waited for where the request does not ask for more, or the operator does not allow it", async () => {
    for (const hedging of ["request", "off"] as const) {
      let isSlow = false;
      const held = Promise.withResolvers<Response>();
      const first = (request: Request) => {
        if (!isSlow) return streamed();
        return request.headers.get("accept") === "application/json" ? silent() : held.promise;
      };
      await start({ hedging, timeouts: { wholeAnswerMs: 5_000 } }, first, streamed);
      await warmUp();
      isSlow = true;
      const slow = call(hedging === "off" ? asks : {});
      // Its time is up in the same moment in which a second provider would have been asked for the stream.
      const witness = harness.call({ ...halo, model: "p0/only" });
      await until(async () => harness.seen.length === 2);
      harness.pass(6_000);
      expect((await witness).status).toBe(504);
      held.resolve(streamed());
      expect((await slow).events.at(-1)).toBe("[DONE]");
      expect(harness.seen.map(({ by }) => by)).toEqual([0, 0]);
      if (hedging === "request") await harness.stop();
    }
  });

  test("that fails after all leaves the answer to the second", async () => {
    let isSlow = false;
    const arrived = Promise.withResolvers<void>();
    const failed = Promise.withResolvers<void>();
    const first = () => (isSlow ? arrived.promise.then(broken) : streamed());
    const second = () => {
      arrived.resolve();
      return failed.promise.then(streamed);
    };
    await start({ hedging: "always", log: { warn: () => failed.resolve() } }, first, second);
    await warmUp();
    isSlow = true;
    expect((await call()).events.at(-1)).toBe("[DONE]");
    expect(harness.kept[0]?.attempts).toMatchObject([
      { provider: "p0", status: 500 },
      { provider: "p1", status: 200, hedged: true },
    ]);
  });
});
