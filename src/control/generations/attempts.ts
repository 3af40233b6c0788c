/** The attempts of a usage row, as the data plane wrote them. */
import type { WhyView } from "../../contract/schemas/dry-run.ts";
import { arrayField, isJsonObject, type JsonObject, objectField, parseJson, stringField } from "../../kernel/json.ts";

export interface Attempt {
  /** Slug. */
  provider: string;
  providerName: string;
  model: string;
  /** 0 when there was no answer. */
  status: number;
  latencyMs: number;
  /** Since the beginning of the request; where the record does not say it, attempts came one after the other. */
  startedMs: number;
  /** In English. */
  reason: string;
  /** The same in words for programs; null in older records. */
  why: WhyView | null;
  /** The error's code; null for one that answered, and in older records. */
  errorCode: string | null;
  /** Begun because the one before it was slow. */
  hedged: boolean;
}

export function readAttempts(text: string): Attempt[] {
  const parsed = parseJson(text);
  if (!parsed.ok || !Array.isArray(parsed.value)) return [];
  let endedMs = 0;
  return parsed.value.filter(isJsonObject).map((attempt) => {
    const provider = stringField(attempt, "provider") ?? "";
    const latencyMs = Number(attempt.latencyMs ?? 0);
    const startedMs = Number(attempt.startedMs ?? endedMs);
    endedMs = startedMs + latencyMs;
    return {
      provider,
      providerName: stringField(attempt, "providerName") ?? provider,
      model: stringField(attempt, "model") ?? "",
      status: Number(attempt.status ?? 0),
      latencyMs,
      startedMs,
      reason: stringField(attempt, "reason") ?? "",
      why: whyOf(objectField(attempt, "why")),
      errorCode: stringField(attempt, "errorCode") ?? null,
      hedged: attempt.hedged === true,
    };
  });
}

function whyOf(why: JsonObject | undefined): WhyView | null {
  const place = stringField(why ?? {}, "place");
  if (why === undefined || place === undefined) return null;
  return {
    place,
    demerits: arrayField(why, "demerits").filter((word) => typeof word === "string"),
    share: typeof why.share === "number" ? why.share : null,
    lacking: arrayField(why, "lacking").filter((word) => typeof word === "string"),
    other_model: why.isOtherModel === true,
  };
}

/** Who serves what, as one name. */
export function endpointId(providerSlug: string, model: string): string {
  return `${providerSlug}/${model}`;
}
