/**
 * How hard a request looks, from the outside: its length, its tools, and what the last message is about. A guess that
 * costs microseconds and asks nobody; the same request always looks the same.
 */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import type { RequestNeeds } from "../needs.ts";
import type { CostTier } from "./auto-plugin.ts";

export type Difficulty = "easy" | "medium" | "hard";

/** The price band that is right for it. */
export const TIER_FOR: Record<Difficulty, CostTier> = { easy: "low", medium: "medium", hard: "high" };

const LONG_PROMPT_BYTES = 4_000;
const VERY_LONG_PROMPT_BYTES = 40_000;
const MANY_TURNS = 12;
/** Enough to see what a message is about. */
const LOOKED_AT_CHARACTERS = 8_000;

const CODE = /```|\b(?:function|class|def|import|SELECT|const|public static|#include)\b[\s(]/;
const HARD_WORDS =
  /\b(?:prove|proof|derive|theorem|debug|refactor|optimi[sz]e|algorithm|architecture|analy[sz]e|step by step|trade-?offs?|buktikan|turunkan|teorema|analisis(?:lah)?|optimalkan|algoritme|arsitektur|rancang(?:lah)?|langkah demi langkah)\b/i;
const HIGH_EFFORT: ReadonlySet<string> = new Set(["high", "xhigh", "max"]);

export function difficultyOf(body: JsonObject, needs: RequestNeeds): Difficulty {
  if (HIGH_EFFORT.has(effortOf(body) ?? "")) return "hard";
  const turns = arrayField(body, Array.isArray(body.messages) ? "messages" : "input");
  const text = lastText(turns, body).slice(0, LOOKED_AT_CHARACTERS);
  const signs = [
    needs.promptBytes > LONG_PROMPT_BYTES,
    needs.promptBytes > VERY_LONG_PROMPT_BYTES,
    needs.parameters.includes("tools"),
    turns.length > MANY_TURNS,
    CODE.test(text),
    HARD_WORDS.test(text),
  ];
  const score = signs.filter(Boolean).length;
  if (score === 0) return "easy";
  return score < 3 ? "medium" : "hard";
}

function effortOf(body: JsonObject): string | undefined {
  const reasoning = objectField(body, "reasoning");
  return stringField(body, "reasoning_effort") ?? (reasoning && stringField(reasoning, "effort"));
}

/** What the person said last. */
function lastText(turns: readonly JsonValue[], body: JsonObject): string {
  const last = turns.findLast((turn) => isJsonObject(turn) && turn.role === "user");
  if (isJsonObject(last)) return textOf(last.content);
  return textOf(body.input ?? body.prompt);
}

function textOf(content: JsonValue | undefined): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (isJsonObject(part) ? (stringField(part, "text") ?? "") : "")).join("\n");
}
