/** Which conversation a request of any dialect goes on with. */
import { isJsonObject, type JsonObject, type JsonValue, stringField } from "../../kernel/json.ts";
import type { Conversation } from "../router/sticky.ts";

/** By its session where it names one, else by how it begins. Null for a request that is no conversation. */
export function conversationOf(body: JsonObject, headers: Headers, userId: string): Conversation | null {
  const named =
    stringField(body, "session_id") || headers.get("x-session-id") || stringField(body, "prompt_cache_key") || null;
  if (named !== null) return { key: hashed([userId, "session", named]), isNamed: true };
  const began = beginning(body);
  return began === null ? null : { key: hashed([userId, "began", ...began]), isNamed: false };
}

/** The first text that instructs the model, and the first that is to be answered; they stay the same to the end. */
function beginning(body: JsonObject): JsonValue[] | null {
  const turns = Array.isArray(body.messages) ? body.messages : body.input;
  if (typeof turns === "string") return [body.instructions ?? null, turns];
  if (!Array.isArray(turns)) return null;
  const isInstruction = (turn: JsonValue) =>
    isJsonObject(turn) && (turn.role === "system" || turn.role === "developer");
  const instruction = body.system ?? body.instructions ?? turns.find(isInstruction) ?? null;
  const first = turns.find((turn) => isJsonObject(turn) && !isInstruction(turn));
  return first === undefined ? null : [instruction, first];
}

/** Nobody gains by two conversations of one account that hash alike, so a fast hash will do. */
function hashed(parts: readonly JsonValue[]): string {
  return Bun.hash(JSON.stringify(parts)).toString(36);
}
