/**
 * A kept answer made the answer of another request: its id and times are that request's, nothing was used, and what was
 * told of the routing of the first is left out. Pure, and the same for all dialects: each has an id, a time and a `usage`
 * at the top of its objects, or of the `message` or `response` in them.
 */
import type { Clock } from "../../kernel/clock.ts";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../kernel/json.ts";
import type { KeptStream, StreamKeeper } from "../relay/stream-keeper.ts";

export interface ReplayStamp {
  sourceId: string;
  generationId: string;
  createdSeconds: number;
}

const TIMES = ["created", "created_at", "completed_at"] as const;
const INNER = ["message", "response"] as const;

export type Replay =
  | { kind: "whole"; body: JsonObject }
  | { kind: "stream" /** With their blank lines. */; frames: string[] };

const decoder = new TextDecoder();

/** `kept` is the JSON of a whole answer, or the frames of a stream. */
export function replayed(kept: Uint8Array, stamp: ReplayStamp): Replay {
  const text = decoder.decode(kept).replaceAll(stamp.sourceId, stamp.generationId);
  const whole = text.startsWith("{") ? parseJson(text) : undefined;
  if (whole?.ok && isJsonObject(whole.value)) return { kind: "whole", body: restamped(whole.value, stamp) };
  const frames = text.split("\n\n").filter((frame) => frame !== "");
  return { kind: "stream", frames: frames.map((frame) => `${replayedFrame(frame, stamp)}\n\n`) };
}

const encoder = new TextEncoder();

/** Asked for more only when the connection has taken what there was: then being asked is the client's progress. */
const NOTHING_AHEAD = { highWaterMark: 0 };

export interface ReplayWatch {
  keeper: Pick<StreamKeeper, "add" | "remove">;
  clock: Pick<Clock, "monotonicMs">;
  /** Closes the client's connection without a word. */
  hangUp(): void;
}

/**
 * The frames one by one, at the reader's pace. Watched as any other stream: who does not read is let go, and a key that
 * may not call any more is sent no more. There is no word for either: without its last frame it looks broken, as it is.
 */
export function streamOf(
  frames: readonly string[],
  { keeper, clock, hangUp }: ReplayWatch,
): ReadableStream<Uint8Array> {
  const rest = frames.values();
  let isOver = false;
  const end = () => {
    isOver = true;
    keeper.remove(kept);
    hangUp();
  };
  const beganMs = clock.monotonicMs();
  const kept: KeptStream = {
    beganMs,
    lastSentMs: beganMs,
    waitingSinceMs: null,
    heldSinceMs: beganMs,
    silenceLimitMs: Number.POSITIVE_INFINITY,
    sendHeartbeat: () => {},
    giveUp: end,
    letGo: end,
    interrupt: end,
  };
  return new ReadableStream(
    {
      start: () => keeper.add(kept),
      pull: (controller) => {
        // Nothing more is sent, and a connection on which nothing moves is closed.
        if (isOver) return;
        const { done, value } = rest.next();
        kept.heldSinceMs = clock.monotonicMs();
        if (!done) {
          controller.enqueue(encoder.encode(value));
          return;
        }
        keeper.remove(kept);
        controller.close();
      },
      cancel: () => keeper.remove(kept),
    },
    NOTHING_AHEAD,
  );
}

/** The data of our frames stands on one line, the last. */
function replayedFrame(frame: string, stamp: ReplayStamp): string {
  const start = frame.indexOf("data: ") + "data: ".length;
  const parsed = parseJson(frame.slice(start));
  if (!parsed.ok || !isJsonObject(parsed.value)) return frame;
  return frame.slice(0, start) + JSON.stringify(restamped(parsed.value, stamp));
}

function restamped(object: JsonObject, stamp: ReplayStamp): JsonObject {
  const { openrouter_metadata: _, ...answer } = object;
  for (const name of TIMES) if (typeof answer[name] === "number") answer[name] = stamp.createdSeconds;
  if (isJsonObject(answer.usage)) answer.usage = nothingUsed(answer.usage);
  for (const name of INNER) {
    const inner = answer[name];
    if (isJsonObject(inner)) answer[name] = restamped(inner, stamp);
  }
  return answer;
}

/** The same fields with no tokens; the cost is 0 also where that of the first answer was unknown. */
function nothingUsed(usage: JsonObject): JsonObject {
  const zeroed = (value: JsonValue): JsonValue => {
    if (typeof value === "number") return 0;
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, zeroed(inner)]));
  };
  return Object.fromEntries(Object.entries(usage).map(([name, value]) => [name, name === "cost" ? 0 : zeroed(value)]));
}
