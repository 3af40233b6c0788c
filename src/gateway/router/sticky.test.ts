import { describe, expect, test } from "bun:test";
import { endpointAt, priceOf } from "../../../test/support/endpoints.ts";
import { conversationOf } from "../ingress/conversation.ts";
import { type Conversation, IDLE_MS, StickyRoutes } from "./sticky.ts";

const cheapToRead = { ...priceOf(3), cachedPromptNanoPerMillion: 300_000_000n };
const cached = endpointAt("one", { price: cheapToRead });
const other = endpointAt("two", { price: cheapToRead });
const unnamed: Conversation = { key: "k", isNamed: false };
const named: Conversation = { key: "s", isNamed: true };

describe("a conversation", () => {
  test("stays with an endpoint once its cache was used, and with a session from the first answer on", () => {
    const sticky = new StickyRoutes();
    sticky.answered({ conversation: unnamed, endpoint: cached, cacheTokens: 0, nowMs: 0 });
    expect(sticky.tagFor(unnamed, "acme/m", 1)).toBeNull();
    sticky.answered({ conversation: unnamed, endpoint: cached, cacheTokens: 512, nowMs: 2 });
    expect(sticky.tagFor(unnamed, "acme/m", 3)).toBe("one");
    sticky.answered({ conversation: named, endpoint: cached, cacheTokens: 0, nowMs: 0 });
    expect(sticky.tagFor(named, "acme/m", 1)).toBe("one");
    expect(sticky.tagFor(named, "acme/other", 1)).toBeNull();
  });

  test("stays nowhere that its cache saves nothing", () => {
    const sticky = new StickyRoutes();
    const dear = endpointAt("one", { price: { ...priceOf(3), cachedPromptNanoPerMillion: 3_000_000_000n } });
    for (const endpoint of [endpointAt("one"), endpointAt("one", { price: priceOf(3) }), dear]) {
      sticky.answered({ conversation: named, endpoint, cacheTokens: 512, nowMs: 0 });
    }
    expect(sticky.size).toBe(0);
  });

  test("is not moved by an answer from elsewhere, and is free after ten idle minutes", () => {
    const sticky = new StickyRoutes();
    sticky.answered({ conversation: named, endpoint: cached, cacheTokens: 0, nowMs: 0 });
    sticky.answered({ conversation: named, endpoint: other, cacheTokens: 512, nowMs: IDLE_MS - 1 });
    expect(sticky.tagFor(named, "acme/m", IDLE_MS - 1)).toBe("one");
    expect(sticky.tagFor(named, "acme/m", IDLE_MS)).toBeNull();
    sticky.answered({ conversation: named, endpoint: other, cacheTokens: 0, nowMs: IDLE_MS });
    expect(sticky.tagFor(named, "acme/m", IDLE_MS)).toBe("two");
  });

  test("lasts as long as it goes on", () => {
    const sticky = new StickyRoutes();
    for (let turn = 0; turn < 10; turn++) {
      sticky.answered({ conversation: named, endpoint: cached, cacheTokens: 0, nowMs: turn * (IDLE_MS - 1) });
    }
    expect(sticky.tagFor(named, "acme/m", 9 * (IDLE_MS - 1) + IDLE_MS - 1)).toBe("one");
  });
});

test("of more conversations than there is room for, those that were quiet longest are forgotten", () => {
  const sticky = new StickyRoutes(3);
  const answered = (key: string, nowMs: number) =>
    sticky.answered({ conversation: { key, isNamed: true }, endpoint: cached, cacheTokens: 0, nowMs });
  for (const [index, key] of ["a", "b", "c", "a", "d"].entries()) answered(key, index);
  const left = ["a", "b", "c", "d"].filter((key) => sticky.tagFor({ key, isNamed: true }, "acme/m", 5) !== null);
  expect([sticky.size, left]).toEqual([3, ["a", "c", "d"]]);
});

describe("which conversation it is", () => {
  const of = (body: object, headers = {}, user = "user_1") =>
    conversationOf(JSON.parse(JSON.stringify(body)), new Headers(headers), user);
  const system = { role: "system", content: "Be brief." };
  const turn = { role: "user", content: "Halo" };
  const more = [
    { role: "assistant", content: "Halo!" },
    { role: "user", content: "Apa kabar?" },
  ];

  test("is told by how it began, in every dialect, and by whose it is", () => {
    expect(of({ messages: [system, turn] })).toEqual(of({ messages: [system, turn, ...more] }));
    expect(of({ messages: [system, turn] })).not.toEqual(of({ messages: [turn] }));
    expect(of({ messages: [system, turn] })).not.toEqual(of({ messages: [system, turn] }, {}, "user_2"));
    expect(of({ system: "S", messages: [turn] })).toEqual(of({ system: "S", messages: [turn, ...more] }));
    expect(of({ system: "S", messages: [turn] })).not.toEqual(of({ system: "T", messages: [turn] }));
    expect(of({ instructions: "S", input: [turn] })).toEqual(of({ instructions: "S", input: [turn, ...more] }));
    expect(of({ input: "Halo" })?.isNamed).toBe(false);
    expect(of({ prompt: "Halo" })).toBeNull();
  });

  test("is told by its session before all else", () => {
    const bySession = of({ session_id: "s", messages: [turn] });
    expect(bySession).toEqual(of({ messages: more }, { "x-session-id": "s" }));
    expect(bySession).toEqual(of({ prompt_cache_key: "s", messages: more }));
    expect(of({ session_id: "t", prompt_cache_key: "s", messages: [turn] })).not.toEqual(bySession);
    expect(bySession?.isNamed).toBe(true);
  });
});
