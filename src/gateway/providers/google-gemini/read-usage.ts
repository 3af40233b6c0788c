/** Gemini's token counts. Thoughts stand beside the candidates' tokens, and cached ones inside the prompt's. */
import { arrayField, isJsonObject, type JsonObject, objectField } from "../../../kernel/json.ts";
import { NO_TOKENS } from "../../call.ts";
import type { TokenUsage } from "../../canonical/usage.ts";
import { tokenCount } from "../../metering/usage.ts";

export function readGeminiUsage(answer: JsonObject): TokenUsage | undefined {
  const usage = objectField(answer, "usageMetadata");
  const counted = usage && tokenCount(usage.promptTokenCount);
  if (usage === undefined || counted === undefined) return undefined;
  const at = (name: string) => tokenCount(usage[name]) ?? 0;
  // What Google's own tools brought in is read by the model like a prompt.
  const promptTokens = counted + at("toolUsePromptTokenCount");
  const completionTokens = at("candidatesTokenCount") + at("thoughtsTokenCount");
  const within = (tokens: number, whole: number) => Math.max(0, Math.min(tokens, whole));
  const prompt = modalities(usage, "promptTokensDetails");
  const cached = modalities(usage, "cacheTokensDetails");
  const completion = modalities(usage, "candidatesTokensDetails");
  return {
    ...NO_TOKENS,
    promptTokens,
    cachedTokens: within(at("cachedContentTokenCount"), promptTokens),
    // No token is counted both as cached and as sound or picture.
    audioPromptTokens: within(prompt("AUDIO") - cached("AUDIO"), promptTokens),
    imagePromptTokens: within(prompt("IMAGE") - cached("IMAGE"), promptTokens),
    videoPromptTokens: within(prompt("VIDEO") - cached("VIDEO"), promptTokens),
    cachedAudioTokens: within(cached("AUDIO"), at("cachedContentTokenCount")),
    completionTokens,
    // Left out where nothing was said; of an answer with text it leaves the counting to us.
    estimated: tokenCount(usage.candidatesTokenCount) === undefined,
    reasoningTokens: at("thoughtsTokenCount"),
    audioCompletionTokens: within(completion("AUDIO"), completionTokens),
    imageCompletionTokens: within(completion("IMAGE"), completionTokens),
  };
}

function modalities(usage: JsonObject, list: string): (modality: string) => number {
  const entries = arrayField(usage, list).filter(isJsonObject);
  return (modality) =>
    entries.reduce((sum, entry) => sum + (entry.modality === modality ? (tokenCount(entry.tokenCount) ?? 0) : 0), 0);
}
