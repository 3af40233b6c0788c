/** The conversation on the page: what is said, who is answering, and how to stop them. */
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../lib/api-error.ts";
import { chatChunks } from "../../lib/chat-stream.ts";
import { randomId } from "../../lib/random-id.ts";
import {
  type Attachment,
  bodyOf,
  NEW_REPLY,
  type Reply,
  type Settings,
  type Turn,
  withReplies,
  withResults,
} from "./conversation.ts";
import { afterChunk } from "./reply-stream.ts";

/** How a reply is to be had. */
interface Asked {
  keyId: string;
  models: readonly string[];
  settings: Settings;
}

interface Place {
  turnId: string;
  model: string;
}

export type Conversation = ReturnType<typeof useConversation>;

export function useConversation(onSettled: (turns: readonly Turn[]) => void, begun: readonly Turn[] = []) {
  const [turns, setTurns] = useState(begun);
  const latest = useRef(turns);
  const running = useRef(new Map<string, AbortController>());
  const settled = useRef(onSettled);
  settled.current = onSettled;
  const change = useCallback((next: (before: readonly Turn[]) => readonly Turn[]) => {
    latest.current = next(latest.current);
    setTurns(latest.current);
  }, []);
  useEffect(() => () => stopAll(running.current), []);

  /** Asks one model to go on behind what it has said in this turn. */
  async function answer(place: Place, { keyId, settings }: Asked): Promise<void> {
    const { turnId, model } = place;
    const until = latest.current.findIndex(({ id }) => id === turnId) + 1;
    const body = bodyOf({ model, settings, turns: latest.current.slice(0, until) });
    const controller = new AbortController();
    running.current.set(`${turnId} ${model}`, controller);
    change((before) => withReplies(before, place, (replies) => [...replies, NEW_REPLY]));
    const put = (next: (reply: Reply) => Reply) =>
      change((before) =>
        withReplies(before, place, (replies) =>
          replies.map((reply, index) => (index === replies.length - 1 ? next(reply) : reply)),
        ),
      );
    const startedMs = performance.now();
    try {
      for await (const chunk of chatChunks({ keyId, body, signal: controller.signal }))
        put((reply) => afterChunk(reply, chunk, performance.now() - startedMs));
      put((reply) => ({ ...reply, state: "done" }));
    } catch (error) {
      put((reply) => (controller.signal.aborted ? { ...reply, state: "stopped" } : failed(reply, error)));
    }
    running.current.delete(`${turnId} ${model}`);
    if (running.current.size === 0) settled.current(latest.current);
  }

  return {
    turns,
    isRunning: turns.some((turn) => Object.values(turn.replies).some((replies) => replies.at(-1)?.state === "running")),
    /** Says something to every model. */
    say: (said: { text: string; attachments: readonly Attachment[] }, asked: Asked) => {
      const turn = { id: randomId(), ...said, replies: {} };
      change((before) => [...before, turn]);
      for (const model of asked.models) void answer({ turnId: turn.id, model }, asked);
    },
    /** Has the last answer of a model anew. */
    again: (place: Place, asked: Asked) => {
      change((before) => withReplies(before, place, (replies) => replies.slice(0, -1)));
      void answer(place, asked);
    },
    /** Gives a model what its tools came to. */
    giveResults: (place: Place, results: readonly string[], asked: Asked) => {
      change((before) => withReplies(before, place, (replies) => withResults(replies, results)));
      void answer(place, asked);
    },
    /** Says something else instead: what came after it is gone. */
    edit: ({ turnId, text }: { turnId: string; text: string }, asked: Asked) => {
      stopAll(running.current);
      const place = latest.current.findIndex(({ id }) => id === turnId);
      change((before) =>
        before.slice(0, place + 1).map((turn) => (turn.id === turnId ? { ...turn, text, replies: {} } : turn)),
      );
      for (const model of asked.models) void answer({ turnId, model }, asked);
    },
    stop: () => stopAll(running.current),
    show: (next: readonly Turn[]) => {
      stopAll(running.current);
      change(() => next);
    },
  };
}

function stopAll(running: ReadonlyMap<string, AbortController>): void {
  for (const controller of running.values()) controller.abort();
}

function failed(reply: Reply, error: unknown): Reply {
  const isKnown = error instanceof ApiError;
  const failure = {
    code: isKnown ? error.code : "internal",
    words: isKnown ? error.message : String(error),
    requestId: isKnown ? error.requestId : undefined,
  };
  return { ...reply, state: "failed", failure };
}
