/** What a model tells in a scenario, in no dialect: each voice says it in its own, each client must hear the same. */
import type { FinishReason } from "../../src/gateway/canonical/events.ts";
import type { StreamForm } from "../support/upstreams/replies.ts";

export interface ToldCall {
  id: string;
  name: string;
  input: Record<string, unknown>;
}

export interface Told {
  thoughts: string;
  text: string;
  /** Instead of a text, in dialects that keep the two apart. */
  refusal: string;
  calls: readonly ToldCall[];
  picture: { mediaType: string; data: string } | null;
  ending: Exclude<FinishReason, "error">;
  /** Null for a provider that does not count. `cached` is part of `prompt`, `reasoning` of `completion`. */
  usage: { prompt: number; cached: number; completion: number; reasoning: number } | null;
}

/** Kinds of content that not every dialect has a word for. */
export type Kind = "thoughts" | "refusal" | "picture" | "calls" | "content_filter" | "reasoning tokens" | "no usage";

/** One provider dialect, as its own maker's package types it. */
export interface Voice<Piece> {
  form: StreamForm<Piece>;
  whole(told: Told): Piece;
  stream(told: Told): Piece[];
  /** What a stream says when the provider fails in the middle. */
  failure(message: string): Piece;
  /** A refusal before the first byte, in the vendor's own form. */
  refusal(message: string, status: number): { body: object; headers?: Record<string, string> };
  /** An event that nobody knows yet. */
  unknown: Piece;
  /** What comes with thoughts, which only the provider can read and must get back. */
  seal: string;
  cannot: readonly Kind[];
}

export const USAGE = { prompt: 1_000, cached: 200, completion: 50, reasoning: 20 };

export function told(part: Partial<Told>): Told {
  const calls = part.calls ?? [];
  return {
    thoughts: "",
    text: "",
    refusal: "",
    calls,
    picture: null,
    ending: calls.length > 0 ? "tool_calls" : "stop",
    usage: { ...USAGE, reasoning: part.thoughts ? USAGE.reasoning : 0 },
    ...part,
  };
}

/** The text in three pieces; characters stay whole, as in the JSON of every provider. */
export function pieces(text: string): string[] {
  const points = [...text];
  const size = Math.max(1, Math.ceil(points.length / 3));
  return [0, 1, 2].map((at) => points.slice(at * size, (at + 1) * size).join("")).filter((piece) => piece !== "");
}

/** What belongs to the client's own tools, where a field more would be another meaning. */
const OWN: ReadonlySet<string> = new Set(["input", "args"]);

/** The piece with a field more in each of its objects, as providers add them without a word. */
export function withNews<Piece>(piece: Piece): Piece {
  if (Array.isArray(piece)) return piece.map(withNews) as Piece;
  if (typeof piece !== "object" || piece === null) return piece;
  const known = Object.entries(piece).map(([name, value]) => [name, OWN.has(name) ? value : withNews(value)]);
  return { ...Object.fromEntries(known), x_brand_new: [1, "baru", null] };
}
