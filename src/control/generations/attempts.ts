/** The attempts of a usage row, as the data plane wrote them. */
import { isJsonObject, parseJson, stringField } from "../../kernel/json.ts";

export interface Attempt {
  /** Slug. */
  provider: string;
  providerName: string;
  model: string;
  /** 0 when there was no answer. */
  status: number;
  latencyMs: number;
  reason: string;
}

export function readAttempts(text: string): Attempt[] {
  const parsed = parseJson(text);
  if (!parsed.ok || !Array.isArray(parsed.value)) return [];
  return parsed.value.filter(isJsonObject).map((attempt) => {
    const provider = stringField(attempt, "provider") ?? "";
    return {
      provider,
      providerName: stringField(attempt, "providerName") ?? provider,
      model: stringField(attempt, "model") ?? "",
      status: Number(attempt.status ?? 0),
      latencyMs: Number(attempt.latencyMs ?? 0),
      reason: stringField(attempt, "reason") ?? "",
    };
  });
}

/** Who serves what, as one name. */
export function endpointId(providerSlug: string, model: string): string {
  return `${providerSlug}/${model}`;
}
