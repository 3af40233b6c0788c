/**
 * Anthropic's Messages as a provider speaks them: Anthropic itself, and the clouds that serve Claude in its own dialect.
 * Bodies of Messages clients pass through with the few edits that the gateway needs; bodies of other dialects are
 * written from the canonical form.
 */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import type { NativeUpstream, UpstreamDialect } from "../../canonical/dialects.ts";
import { isForeign } from "../../ingress/anthropic-messages/carried-thoughts.ts";
import { claudeTraits } from "./claude-traits.ts";
import { readMessageAnswer } from "./read-answer.ts";
import { MessagesReader } from "./read-stream.ts";
import { writeMessagesRequest } from "./write-request.ts";

/** Fields of OpenRouter's API that steer the gateway; Anthropic refuses what it does not know. */
const STEERING_FIELDS: readonly string[] = [
  ...["models", "fallbacks", "provider", "plugins", "route", "preset", "transforms", "session_id", "trace", "debug"],
  ...["usage", "user", "sandbox", "stop_server_tools_when"],
];

export interface MessagesQuirks {
  /** Steering fields that the provider knows itself. */
  keeps?: readonly string[];
  /** True where `max_tokens` may be left out. */
  knowsMaxTokens?: boolean;
  /** Fields that a cloud wants in every body (`anthropic_version`). */
  adds?: JsonObject;
  /** Fields that a cloud has no place for (`model`, where it stands in the address). */
  removes?: readonly string[];
}

/** `provider` is its name for people. */
export function messagesDialect(provider: string, quirks: MessagesQuirks = {}): UpstreamDialect {
  return {
    name: "anthropic-messages",
    framing: "sse",
    native: messagesNative(quirks),
    canonical: {
      write: (request, target) => {
        const { body, dropped } = writeMessagesRequest(request, target, provider);
        const removed = new Set(quirks.removes);
        const kept = Object.entries(body).filter(([name]) => !removed.has(name));
        return { body: { ...Object.fromEntries(kept), ...quirks.adds }, dropped };
      },
      readAnswer: (answer: JsonValue) => (isJsonObject(answer) ? readMessageAnswer(answer) : undefined),
      reader: () => new MessagesReader(),
    },
  };
}

/** For providers that serve Messages clients in this dialect, and everybody else in another. */
export function messagesNative({
  keeps = [],
  adds = {},
  removes = [],
  knowsMaxTokens,
}: MessagesQuirks = {}): NativeUpstream {
  const steering = STEERING_FIELDS.filter((name) => !keeps.includes(name));
  return {
    edits: (body, { upstreamModel }) => {
      const set = new Map<string, string>();
      const remove = new Set([...steering.filter((name) => name in body), ...removes.filter((name) => name in body)]);
      if (body.model !== upstreamModel && !removes.includes("model")) set.set("model", JSON.stringify(upstreamModel));
      if (!knowsMaxTokens && typeof body.max_tokens !== "number") {
        set.set("max_tokens", String(claudeTraits(upstreamModel).maxOutputTokens));
      }
      const user = keeps.includes("user") ? undefined : stringField(body, "user");
      const metadata = objectField(body, "metadata") ?? {};
      if (user !== undefined && metadata.user_id === undefined) {
        set.set("metadata", JSON.stringify({ ...metadata, user_id: user }));
      }
      const messages = withoutForeignThoughts(body);
      if (messages) set.set("messages", JSON.stringify(messages));
      for (const [name, value] of Object.entries(adds)) set.set(name, JSON.stringify(value));
      return { set, remove, dropped: [] };
    },
  };
}

/**
 * The conversation without thoughts that another maker's model had before the client changed models; Anthropic refuses
 * a thought that it has not signed. Undefined where there is none, so that the bytes stay as they came.
 */
function withoutForeignThoughts(body: JsonObject): JsonValue[] | undefined {
  const messages = arrayField(body, "messages");
  if (!messages.some((message) => isJsonObject(message) && arrayField(message, "content").some(isForeignThought))) {
    return undefined;
  }
  return messages.flatMap((message) => {
    if (!isJsonObject(message) || !Array.isArray(message.content)) return [message];
    const content = message.content.filter((block) => !isForeignThought(block));
    return content.length === 0 ? [] : [{ ...message, content }];
  });
}

function isForeignThought(block: JsonValue): boolean {
  if (!isJsonObject(block)) return false;
  if (block.type === "thinking") return isForeign(stringField(block, "signature") ?? "");
  return block.type === "redacted_thinking" && isForeign(stringField(block, "data") ?? "");
}
