/**
 * The clients of the suite: what each asks, in its own dialect, and what it understands of an answer. Streams are put
 * together by the official packages, so that a stream which they cannot read does not pass.
 */
import { hearChat, hearCompletion } from "./clients/chat.ts";
import { hearMessages } from "./clients/messages.ts";
import { hearResponses } from "./clients/responses.ts";
import type { Kind } from "./told.ts";

/** What a client understood. */
export interface Heard {
  thoughts: string;
  text: string;
  refusal: string;
  calls: { id: string; name: string; input: unknown }[];
  /** Base64. */
  pictures: string[];
  ending: string;
  usage: { prompt: number; cached: number; completion: number; reasoning: number };
  costUsd: number | null;
  /** What the client sends back as the assistant's turn. */
  turn: readonly object[];
}

/** An answer as it came over the wire. */
export interface Wire {
  status: number;
  headers: Headers;
  text: string;
}

export interface ClientSide {
  title: string;
  path: string;
  /** A conversation with everything that all providers can take. */
  rich: object;
  /** One question. */
  plain: object;
  /** The question again, what was answered, and the results of its calls. */
  next(heard: Heard): object;
  hear(wire: Wire, streamed: boolean): Promise<Heard>;
  cannot: readonly Kind[];
}

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const QUESTION = "Apa kabar? 🌤️ ꦱꦸꦒꦼꦁꦲꦺꦚ꧀ꦗꦁ";
const [name, description, system] = ["weather", "Looks at the sky", "Jawab dengan singkat."];
const answered = "31 derajat, cerah ☀️";

const chatTools = { tools: [{ type: "function", function: { name, description, parameters } }] };
const chatAsked = { role: "user", content: QUESTION };
const chat: ClientSide = {
  title: "/chat/completions",
  path: "/api/v1/chat/completions",
  plain: { messages: [chatAsked], ...chatTools },
  rich: {
    ...chatTools,
    tool_choice: "auto",
    max_tokens: 3_000,
    messages: [
      { role: "system", content: system },
      { role: "user", content: "Cuaca di Solo?" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call00001", type: "function", function: { name, arguments: '{"city":"Solo"}' } }],
      },
      { role: "tool", tool_call_id: "call00001", content: answered },
      { role: "assistant", content: "Cerah." },
      {
        role: "user",
        content: [
          { type: "text", text: QUESTION },
          { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
        ],
      },
    ],
  },
  next: ({ turn, calls }) => ({
    ...chatTools,
    messages: [
      chatAsked,
      ...turn,
      ...calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: answered })),
      ...(calls.length > 0 ? [] : [chatAsked]),
    ],
  }),
  hear: hearChat,
  cannot: [],
};

const responsesTools = { tools: [{ type: "function", name, description, parameters, strict: false }] };
const responsesAsked = { role: "user", content: QUESTION };
const responses: ClientSide = {
  title: "/responses",
  path: "/api/v1/responses",
  plain: { input: [responsesAsked], store: false, ...responsesTools },
  rich: {
    ...responsesTools,
    store: false,
    tool_choice: "auto",
    max_output_tokens: 3_000,
    instructions: system,
    input: [
      { role: "user", content: "Cuaca di Solo?" },
      { type: "function_call", call_id: "call00001", name, arguments: '{"city":"Solo"}' },
      { type: "function_call_output", call_id: "call00001", output: answered },
      { role: "assistant", content: "Cerah." },
      {
        role: "user",
        content: [
          { type: "input_text", text: QUESTION },
          { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${PIXEL}` },
        ],
      },
    ],
  },
  next: ({ turn, calls }) => ({
    ...responsesTools,
    store: false,
    input: [
      responsesAsked,
      ...turn,
      ...calls.map(({ id }) => ({ type: "function_call_output", call_id: id, output: answered })),
      ...(calls.length > 0 ? [] : [responsesAsked]),
    ],
  }),
  hear: hearResponses,
  cannot: [],
};

const messagesTools = { tools: [{ name, description, input_schema: parameters }] };
const messages: ClientSide = {
  title: "/messages",
  path: "/api/v1/messages",
  plain: { max_tokens: 3_000, messages: [chatAsked], ...messagesTools },
  rich: {
    ...messagesTools,
    tool_choice: { type: "auto" },
    max_tokens: 3_000,
    system,
    messages: [
      { role: "user", content: "Cuaca di Solo?" },
      { role: "assistant", content: [{ type: "tool_use", id: "call00001", name, input: { city: "Solo" } }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "call00001", content: answered }] },
      { role: "assistant", content: "Cerah." },
      {
        role: "user",
        content: [
          { type: "text", text: QUESTION },
          { type: "image", source: { type: "base64", media_type: "image/png", data: PIXEL } },
        ],
      },
    ],
  },
  next: ({ turn, calls }) => {
    const results = calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: answered }));
    const answer = calls.length > 0 ? { role: "user", content: results } : chatAsked;
    return { ...messagesTools, max_tokens: 3_000, messages: [chatAsked, ...turn, answer] };
  },
  hear: hearMessages,
  cannot: ["picture"],
};

const completions: ClientSide = {
  title: "/completions",
  path: "/api/v1/completions",
  plain: { prompt: QUESTION },
  rich: { prompt: QUESTION, max_tokens: 3_000 },
  next: () => ({ prompt: QUESTION }),
  hear: hearCompletion,
  cannot: ["picture", "calls", "refusal"],
};

export const clients: readonly ClientSide[] = [chat, responses, messages, completions];
