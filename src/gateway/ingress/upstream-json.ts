/** Parses what a provider sent. Its JSON is bounded in depth before anything walks it, as a client's is. */
import { type JsonResult, parseJson } from "../../kernel/json.ts";
import { isDeeperThan } from "../../kernel/json-depth.ts";

const MAX_DEPTH = 200;
/** A text this short cannot nest deep enough to cost anything. */
const HARMLESS_LENGTH = 4_096;

/** Never throws. */
export function parseUpstreamJson(text: string): JsonResult {
  if (text.length > HARMLESS_LENGTH && isDeeperThan(MAX_DEPTH, text)) {
    return { ok: false, reason: `deeper than ${MAX_DEPTH} levels` };
  }
  return parseJson(text);
}
