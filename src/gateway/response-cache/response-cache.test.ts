import { describe, expect, test } from "bun:test";
import { GapuraError } from "../../kernel/errors.ts";
import type { KeptStream } from "../relay/stream-keeper.ts";
import { type CachedRequest, CacheUse, cacheName } from "./cache-use.ts";
import { MAX_TTL_SECONDS, readCacheWishes } from "./cache-wishes.ts";
import { type ReplayWatch, replayed, streamOf } from "./replay.ts";
import { ResponseCache, type StoredAnswer } from "./response-cache.ts";

const BOUNDS = { totalBytes: 100, entryBytes: 50, overheadBytes: 10 };
const endpoint = {} as StoredAnswer["endpoint"];
const answerOf = (text: string, generationId = "gen-1-a"): StoredAnswer => ({
  generationId,
  endpoint,
  text: new TextEncoder().encode(text),
  finishReason: "stop",
  nativeFinishReason: "stop",
  dropped: [],
});

function startCache() {
  const time = { ms: 1_000_000 };
  const cache = new ResponseCache({ nowMs: () => time.ms, monotonicMs: () => time.ms }, BOUNDS);
  return { time, cache };
}

describe("the headers", () => {
  const of = (headers: Record<string, string>, defaults: Parameters<typeof readCacheWishes>[1] = null) =>
    readCacheWishes(new Headers(headers), defaults);

  test("switch the cache on for five minutes, or for as long as they say, and a header comes before a preset", () => {
    expect(of({})).toBeNull();
    expect(of({ "x-openrouter-cache": "false" })).toBeNull();
    expect(of({ "x-openrouter-cache": "TRUE" })).toEqual({ isOn: true, ttlSeconds: 300, clears: false });
    expect(of({ "x-openrouter-cache": "true", "x-openrouter-cache-ttl": "86400" })?.ttlSeconds).toBe(MAX_TTL_SECONDS);
    expect(of({ "x-openrouter-cache-ttl": "60" })).toBeNull();
    const preset = { isOn: true, ttlSeconds: 60 };
    expect(of({}, preset)).toEqual({ isOn: true, ttlSeconds: 60, clears: false });
    expect(of({ "x-openrouter-cache-ttl": "5" }, preset)?.ttlSeconds).toBe(5);
    expect(of({ "x-openrouter-cache": "false" }, preset)).toBeNull();
    expect(of({ "x-openrouter-cache-clear": "true" })).toEqual({ isOn: false, ttlSeconds: 300, clears: true });
  });

  test("are refused by name where they make no sense", () => {
    const wrong: [string, string][] = [
      ["X-OpenRouter-Cache", "yes"],
      ["X-OpenRouter-Cache", ""],
      ["X-OpenRouter-Cache-Clear", "1"],
      ...["0", "-1", "86401", "1.5", "5m", "", "1e3"].map((text): [string, string] => ["X-OpenRouter-Cache-TTL", text]),
    ];
    for (const [name, value] of wrong) {
      const refused = () => of({ [name]: value });
      expect(refused).toThrow(GapuraError);
      expect(refused).toThrow(name);
    }
  });
});

describe("what is kept", () => {
  test("is found until its time is over, with its age and what is left", () => {
    const { cache, time } = startCache();
    cache.put("a", answerOf("one"), 10);
    expect(cache.find("a")).toMatchObject({ ageSeconds: 0, leftSeconds: 10 });
    time.ms += 9_999;
    expect(cache.find("a")).toMatchObject({ ageSeconds: 9, leftSeconds: 1 });
    time.ms += 1;
    expect(cache.find("a")).toBeNull();
    expect(cache.find("b")).toBeNull();
  });

  test("never exceeds its bound: the one not used for longest goes, and a long one never comes in", () => {
    const { cache } = startCache();
    for (const name of ["a", "b", "c"]) cache.put(name, answerOf("x".repeat(20)), 60);
    expect(cache.bytes).toBe(90);
    expect(cache.find("a")).not.toBeNull();
    cache.put("d", answerOf("x".repeat(20)), 60);
    expect(["a", "b", "c", "d"].filter((name) => cache.find(name) !== null)).toEqual(["a", "c", "d"]);
    expect(cache.bytes).toBe(90);
    cache.put("d", answerOf("x".repeat(51)), 60);
    expect(cache.find("d")).toBeNull();
    expect(cache.bytes).toBe(60);
    cache.put("a", answerOf("x"), 60);
    expect(cache.bytes).toBe(41);
  });

  test("is thrown away once it has expired, though nobody asks for it", () => {
    const { cache, time } = startCache();
    cache.put("a", answerOf("x".repeat(20)), 1);
    time.ms += 31_000;
    cache.find("other");
    expect(cache.bytes).toBe(0);
  });

  test("too much of an answer keeps none of it, and only an answer that was asked to be kept is", () => {
    const { cache } = startCache();
    const { text: _, ...facts } = answerOf("");
    const use = (isOn: boolean) => new CacheUse(cache, "a", { isOn, ttlSeconds: 60, clears: false });
    const long = use(true);
    for (let part = 0; part < 6; part++) long.sent("0123456789");
    long.keep(facts);
    use(false).sent("short");
    use(false).keep(facts);
    expect(cache.find("a")).toBeNull();
    const short = use(true);
    short.sent("short, ");
    short.sent("in two");
    short.keep(facts);
    expect(use(true).find()?.text).toEqual(new TextEncoder().encode("short, in two"));
    const clearing = new CacheUse(cache, "a", { isOn: true, ttlSeconds: 60, clears: true });
    expect(clearing.find()).toBeNull();
    expect(clearing.headers()).toEqual({ "x-openrouter-cache-status": "MISS", "x-openrouter-cache-ttl": "60" });
    expect(cache.find("a")).toBeNull();
  });
});

test("every part of a request makes another name, and the name holds nothing of the prompt", () => {
  const body = new TextEncoder().encode('{"model":"m","secret":"rahasia"}');
  const request: CachedRequest = {
    keyId: "key1",
    apiType: "chat",
    models: ["m"],
    streamed: false,
    body,
    headers: new Headers(),
    presetVersionId: "",
    allowedModels: null,
  };
  const others: Partial<CachedRequest>[] = [
    { keyId: "key2" },
    { allowedModels: ["m"] },
    { apiType: "messages" },
    { models: ["m", "n"] },
    { models: ["m,n"] },
    { streamed: true },
    { body: new TextEncoder().encode('{"secret":"rahasia","model":"m"}') },
    { headers: new Headers({ "anthropic-beta": "x" }) },
    { presetVersionId: "v1" },
  ];
  const names = [request, ...others.map((change) => ({ ...request, ...change }))].map(cacheName);
  expect(new Set(names).size).toBe(others.length + 1);
  expect(names[0]).toMatch(/^key1\/[0-9a-f]{64}$/);
  const unseen = new Headers({ "user-agent": "x", "x-request-id": "y", cookie: "z" });
  expect(cacheName({ ...request, headers: unseen })).toBe(cacheName(request));
});

describe("a stream that is given again", () => {
  const begun = () => {
    const time = { nowMs: 0 };
    const kept: KeptStream[] = [];
    let hungUp = 0;
    const watch: ReplayWatch = {
      keeper: {
        add: (stream) => void kept.push(stream),
        remove: (stream) => void kept.splice(kept.indexOf(stream), 1),
      },
      clock: { monotonicMs: () => time.nowMs },
      hangUp: () => {
        hungUp++;
      },
    };
    const reader = streamOf(["data: 1\n\n", "data: 2\n\n"], watch).getReader();
    const next = async () => {
      const { value } = await reader.read();
      return value === undefined ? undefined : new TextDecoder().decode(value);
    };
    return { time, kept, reader, next, hungUp: () => hungUp };
  };

  test("is kept in sight until its last frame has left, and its reader's pace is known", async () => {
    const { time, kept, next, hungUp } = begun();
    expect(kept).toHaveLength(1);
    time.nowMs = 5;
    expect(await next()).toBe("data: 1\n\n");
    expect(kept[0]?.heldSinceMs).toBe(5);
    expect([await next(), await next(), kept.length, hungUp()]).toEqual(["data: 2\n\n", undefined, 0, 0]);
  });

  test("is forgotten when its client leaves", async () => {
    const { kept, reader } = begun();
    await reader.cancel();
    expect(kept).toHaveLength(0);
  });

  test.each(["letGo", "interrupt", "giveUp"] as const)("sends nothing more after %s, and hangs up", async (how) => {
    const { kept, reader, next, hungUp } = begun();
    await next();
    kept[0]?.[how](new GapuraError("disabled_key"));
    expect([kept.length, hungUp()]).toEqual([0, 1]);
    const more = next();
    await reader.cancel();
    expect(await more).toBeUndefined();
  });
});

describe("an answer that is given again", () => {
  const stamp = { sourceId: "gen-1-first", generationId: "gen-2-again", createdSeconds: 77 };
  const again = (text: string) => replayed(new TextEncoder().encode(text), stamp);

  test("has the new id and time, no usage and no routing, and the same content", () => {
    const first = {
      id: "gen-1-first",
      created: 5,
      choices: [{ index: 0, message: { content: "usage: 5", created: 9 } }],
      usage: { prompt_tokens: 9, cost: null, service_tier: "default", cost_details: { x: 0.5, y: null } },
      openrouter_metadata: { attempt: 1 },
    };
    expect(again(JSON.stringify(first))).toEqual({
      kind: "whole",
      body: {
        id: "gen-2-again",
        created: 77,
        choices: first.choices,
        usage: { prompt_tokens: 0, cost: 0, service_tier: "default", cost_details: { x: 0, y: null } },
      },
    });
  });

  test("comes frame by frame where it was streamed, whatever the dialect", () => {
    const frames = [
      'event: message_start\ndata: {"type":"message_start","message":{"id":"gen-1-first","usage":{"input_tokens":4}}}',
      'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":"Halo"}}',
      'data: {"response":{"id":"gen-1-first","created_at":5,"completed_at":6,"usage":{"cost":1}},"item_id":"msg_gen-1-first"}',
      "data: [DONE]",
    ];
    const replay = again(frames.map((frame) => `${frame}\n\n`).join(""));
    expect(replay).toEqual({
      kind: "stream",
      frames: [
        'event: message_start\ndata: {"type":"message_start","message":{"id":"gen-2-again","usage":{"input_tokens":0}}}\n\n',
        `${frames[1]}\n\n`,
        'data: {"response":{"id":"gen-2-again","created_at":77,"completed_at":77,"usage":{"cost":0}},"item_id":"msg_gen-2-again"}\n\n',
        "data: [DONE]\n\n",
      ],
    });
  });
});
