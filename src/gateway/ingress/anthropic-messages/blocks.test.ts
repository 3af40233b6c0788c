import { expect, test } from "bun:test";
import type { CanonicalEvent, ReasoningDetail } from "../../canonical/events.ts";
import { BlockSequence, type BlockStep } from "./blocks.ts";
import { redactedThoughtOf, thoughtOf } from "./carried-thoughts.ts";
import { messageOf } from "./writer.ts";

const call = (index: number): CanonicalEvent => ({ kind: "tool-call", index, id: `c${index}`, name: `f${index}` });
const piece = (index: number, text: string): CanonicalEvent => ({ kind: "tool-arguments", index, text });
const text = (words: string): CanonicalEvent => ({ kind: "text", text: words });
const thought = (detail: Partial<ReasoningDetail>): CanonicalEvent => ({
  kind: "reasoning",
  detail: { kind: "text", text: "", signature: null, id: null, format: null, ...detail } as ReasoningDetail,
});

function stepsOf(events: readonly CanonicalEvent[]): BlockStep[] {
  const blocks = new BlockSequence();
  return [...events.flatMap((event) => blocks.add(event)), ...blocks.end()];
}

/** Throws unless every block begins, is filled and ends before the next begins, numbered from 0. */
function mustBeOrdered(steps: readonly BlockStep[]): void {
  let open: number | null = null;
  let next = 0;
  for (const step of steps) {
    if (step.type === "content_block_start") {
      expect([open, step.index]).toEqual([null, next]);
      open = next++;
    } else expect(step.index).toBe(open as number);
    if (step.type === "content_block_stop") open = null;
  }
  expect(open).toBeNull();
}

function contentOf(events: readonly CanonicalEvent[]) {
  const identity = { generationId: "g", model: "m", provider: "P", createdSeconds: 1, requestId: "r" };
  const usage = { promptTokens: 1, completionTokens: 1 };
  return messageOf(events, { identity, billed: { usage, charge: { costNano: null } } } as never).content;
}

test("calls whose arguments come interleaved become whole calls, one after the other", () => {
  const events = [
    text("Hm"),
    call(0),
    call(1),
    piece(0, '{"a"'),
    piece(1, '{"b"'),
    piece(0, ":1}"),
    call(2),
    piece(1, ":2}"),
    piece(2, "{}"),
  ];
  mustBeOrdered(stepsOf(events));
  expect(contentOf(events)).toMatchObject([
    { type: "text", text: "Hm" },
    { type: "tool_use", id: "c0", input: { a: 1 } },
    { type: "tool_use", id: "c1", input: { b: 2 } },
    { type: "tool_use", id: "c2", input: {} },
  ]);
});

test("another maker's sealed thought in the middle of a call waits until the call has ended, and comes back as it was", () => {
  const sealed = { kind: "encrypted", data: "opaque.with.dots", id: "c0", format: "google-gemini-v1" } as const;
  const events = [call(0), { kind: "reasoning", detail: sealed } as const, piece(0, "{}")];
  mustBeOrdered(stepsOf(events));
  const content = contentOf(events) as { type: string; data: string }[];
  expect(content.map(({ type }) => type)).toEqual(["tool_use", "redacted_thinking"]);
  expect(redactedThoughtOf(content[1]!.data)).toEqual(sealed);
});

test("a thought keeps its maker, its id and its seal on the way through a client", () => {
  for (const detail of [
    { kind: "text", text: "Hm", signature: "s", id: null, format: "anthropic-claude-v1" },
    { kind: "text", text: "Hm", signature: "s", id: "i", format: "google-gemini-v1" },
    { kind: "text", text: "Hm", signature: null, id: null, format: null },
    { kind: "summary", summary: "Hm", id: "rs_1", format: "openai-responses-v1" },
  ] satisfies ReasoningDetail[]) {
    const [block] = contentOf([{ kind: "reasoning", detail }]) as { thinking: string; signature: string }[];
    expect(thoughtOf(block!.thinking, block!.signature)).toEqual(detail);
  }
});

test("pieces of one thought are one block, and a signature ends it", () => {
  const format = "anthropic-claude-v1";
  const events = [
    thought({ text: "H", format }),
    thought({ text: "m", format }),
    thought({ signature: "s", format }),
    thought({ text: "Lagi", format }),
  ];
  mustBeOrdered(stepsOf(events));
  expect(contentOf(events)).toEqual([
    { type: "thinking", thinking: "Hm", signature: "s" },
    { type: "thinking", thinking: "Lagi", signature: "" },
  ]);
});

test("an answer of nothing has no block", () => {
  expect(stepsOf([text("")])).toEqual([]);
});
