/**
 * How many tokens a Messages request has, where no provider can be asked. Nobody but Anthropic has Claude's tokenizer,
 * so this is arithmetic on what can be seen: 3.5 characters of plain text for a token, as Anthropic puts it for English,
 * a whole one for each character of the scripts that are written without spaces, and 30 % more for models from Claude
 * 4.7 on, whose tokenizer makes that many more of the same text.
 */
import { isJsonObject, type JsonObject, type JsonValue, stringField } from "../../../kernel/json.ts";

const CHARACTERS_PER_TOKEN = 3.5;
/** What Anthropic adds to a request that has tools at all. */
const TOOLS_TOKENS = 346;
const MESSAGE_TOKENS = 4;
/** A picture of a million pixels, to which larger ones are made smaller. */
const IMAGE_TOKENS = 1_500;
/** A page of a PDF, as text and as a picture; and how many bytes such a page usually has. */
const PAGE_TOKENS = 2_500;
const BYTES_PER_PAGE = 75_000;
const NEWER_FACTOR = 1.3;
const NEWER = /claude-(?:(?:opus|sonnet|haiku)-(?:4[-.][7-9]|[5-9])|fable|mythos)/;
/** Scripts without spaces: Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese. */
const DENSE = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g;

export function estimateTokens(body: JsonObject, model: string): number {
  const messages = Array.isArray(body.messages) ? body.messages : [];
  const tools = Array.isArray(body.tools) ? body.tools : [];
  const text = tokensIn(body.system) + tokensIn(messages) + messages.length * MESSAGE_TOKENS;
  const total = text + (tools.length === 0 ? 0 : TOOLS_TOKENS + textTokens(JSON.stringify(tools)));
  return Math.max(1, Math.ceil(total * (NEWER.test(model) ? NEWER_FACTOR : 1)));
}

function tokensIn(value: JsonValue | undefined): number {
  if (typeof value === "string") return textTokens(value);
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + tokensIn(one), 0);
  if (!isJsonObject(value)) return 0;
  switch (value.type) {
    case "image":
      return IMAGE_TOKENS;
    case "document":
      return documentTokens(value);
    case "tool_use":
      return textTokens(`${stringField(value, "name") ?? ""}${JSON.stringify(value.input ?? {})}`) + MESSAGE_TOKENS;
    case "redacted_thinking":
      return 0;
    default:
      return tokensIn(value.text) + tokensIn(value.thinking) + tokensIn(value.content);
  }
}

function documentTokens(document: JsonObject): number {
  const { source } = document;
  if (!isJsonObject(source)) return 0;
  if (source.type === "text") return tokensIn(source.data);
  if (source.type === "content") return tokensIn(source.content);
  const bytes = ((stringField(source, "data") ?? "").length * 3) / 4;
  return Math.max(1, Math.ceil(bytes / BYTES_PER_PAGE)) * PAGE_TOKENS;
}

function textTokens(text: string): number {
  const dense = text.match(DENSE)?.length ?? 0;
  return dense + (text.length - dense) / CHARACTERS_PER_TOKEN;
}
