/**
 * The body of an answer in OpenAI's chat dialect, piece by piece, right or wrong as the script says. Pure: every piece
 * knows how many words it holds, so that what was sent can be counted to the byte.
 */
import { type Random, randomFrom } from "../fuzz/random.ts";
import type { FaultScript } from "./script.ts";

/** One event of a stream, or a whole body. */
export interface Piece {
  bytes: Uint8Array;
  /** The words that have left once the whole piece has. */
  text: string;
  tokens: number;
  /** True for what the end of the answer says: the reason it ended. */
  isFinish: boolean;
  /** True for a stream's chunk, before which a pause may come. */
  isChunk: boolean;
}

export interface AnswerIdentity {
  id: string;
  model: string;
  promptTokens: number;
  /** Chooses where the script leaves a choice, so that the same answer can be written again. */
  seed: number;
}

/** Longer than any gateway should keep of one event. */
const LONG_LINE_CHARACTERS = 10 * 1024 * 1024;
const ABSURD_TOKENS = 1e15;

/** Words of four bytes each that are cut badly by whoever cuts bytes. */
const UNICODE_WORDS = ["🌅", "🎋", "éñ", "日a", "ꦠ ", "اب", "ой", "🦜"];

/** The word with this number; a word is never equal to its neighbours, so that one too many or too few is seen. */
export function tokenText({ tokenBytes, unicode }: FaultScript, number: number): string {
  if (unicode) return UNICODE_WORDS[number % UNICODE_WORDS.length] ?? "";
  return `${String(number % 1_000).padStart(3, "0")} `.padEnd(tokenBytes, "x").slice(0, tokenBytes);
}

/** All words of a whole answer. */
export function answerText(script: FaultScript): string {
  return Array.from({ length: script.tokens }, (_, number) => tokenText(script, number)).join("");
}

const plain = (text: string): Piece => ({
  bytes: Buffer.from(text),
  text: "",
  tokens: 0,
  isFinish: false,
  isChunk: false,
});

/** The body of an answer that is not streamed. */
export function wholeBody(script: FaultScript, identity: AnswerIdentity): Piece {
  const text = answerText(script);
  const message = { role: "assistant", content: text };
  const choice = { index: 0, message, finish_reason: script.finish ? "stop" : null };
  const usage = usageOf(script, identity);
  const { id, model } = identity;
  const body = { id, object: "chat.completion", created: 1_700_000_000, model, choices: [choice], ...usage };
  return { ...plain(JSON.stringify(body)), text, tokens: script.tokens, isFinish: script.finish };
}

/** The body of a refusal. */
export function refusalBody({ status, message }: FaultScript): Piece {
  return plain(JSON.stringify({ error: { message, type: "fault", param: null, code: String(status) } }));
}

/** The events of a stream. */
export function* streamPieces(script: FaultScript, identity: AnswerIdentity): Generator<Piece> {
  const write = eventWriter(script, randomFrom(identity.seed));
  const { id, model } = identity;
  const head = { id, object: "chat.completion.chunk", created: 1_700_000_000, model };
  const chunk = (delta: object, reason: string | null = null) =>
    JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: reason }] });
  const usage = () => plain(write(JSON.stringify({ ...head, choices: [], ...usageOf(script, identity) })));
  if (script.bom) yield plain("\uFEFF");
  if (script.usage === "early") yield usage();
  if (script.role) yield plain(write(chunk({ role: "assistant", content: "" })));
  for (let number = 0; number < script.tokens; number++) {
    if (script.instead?.token === number) {
      yield { ...plain(oddity(script, { write, chunk })), isChunk: true };
      continue;
    }
    const text = tokenText(script, number);
    yield { ...plain(write(chunk({ content: text }))), text, tokens: 1, isChunk: true };
  }
  const isLast = script.done === "missing";
  if (script.finish) yield { ...plain(write(chunk({}, "stop"))), isFinish: true, isChunk: true };
  if (script.usage !== "missing" && script.usage !== "early") yield usage();
  if (script.usage === "twice") yield usage();
  if (isLast) return;
  if (script.done === "twice") yield plain(write("[DONE]"));
  yield plain(script.unfinishedLine ? "data: [DONE]" : write("[DONE]"));
}

function usageOf({ usage, tokens }: FaultScript, { promptTokens }: AnswerIdentity): object {
  if (usage === "missing") return {};
  const counts = { prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens };
  if (usage === "negative") return { usage: { ...counts, completion_tokens: -tokens } };
  if (usage === "absurd") return { usage: { ...counts, completion_tokens: ABSURD_TOKENS } };
  return { usage: counts };
}

/** What comes instead of a word. */
function oddity(
  script: FaultScript,
  { write, chunk }: { write(data: string): string; chunk(delta: object): string },
): string {
  switch (script.instead?.of) {
    case "error":
      return write(JSON.stringify({ error: { code: 502, message: script.message } }));
    case "not-an-object":
      return write("[1,2,3]");
    case "long-line":
      return write(chunk({ content: "x".repeat(LONG_LINE_CHARACTERS) }));
    case "garbage":
      return "\u0000\u0001HTTP/1.1 200 OK\r\n\r\ndata\u0000: {]\n\n";
    default:
      return write(chunk({ content: "x" }).slice(0, -3));
  }
}

function eventWriter(script: FaultScript, random: Random): (data: string) => string {
  let last = "";
  const lineEnd = () => {
    // A feed behind a return would be one line end with it.
    const possible = last === "\r" ? ["\r\n", "\r"] : ["\n", "\r\n", "\r"];
    last = script.lineEnd === "mixed" ? random.pick(possible) : script.lineEnd;
    return last;
  };
  return (data) => {
    const comment = script.comments ? `: still here${lineEnd()}` : "";
    return `${comment}${dataLines(data, script.multiLine)
      .map((line) => `data: ${line}${lineEnd()}`)
      .join("")}${lineEnd()}`;
  };
}

/** JSON may be broken into lines wherever it may have white space. */
function dataLines(data: string, multiLine: boolean): string[] {
  if (!multiLine || !data.startsWith("{") || !data.endsWith("}")) return [data];
  return JSON.stringify(JSON.parse(data), null, 1).split("\n");
}
