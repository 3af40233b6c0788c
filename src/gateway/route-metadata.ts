/**
 * What OpenRouter calls `openrouter_metadata`: which endpoints there were, which were tried and why, for requests that ask
 * for it with a header. It stands at the top of a whole answer and of an error; of a stream, in the last event that is
 * JSON, and inside of its `response` where it has one. The same for every dialect.
 */
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../kernel/json.ts";
import { type Call, generationTimeMs } from "./call.ts";

const HEADERS = ["x-openrouter-metadata", "x-openrouter-experimental-metadata"] as const;

/** As OpenRouter takes it: any other value than "enabled" asks for nothing. */
export function asksForMetadata(headers: Headers): boolean {
  return HEADERS.some((name) => headers.get(name)?.trim().toLowerCase() === "enabled");
}

/** Undefined for a request that does not ask for it, or that was refused before anybody could be thought of. */
export function routeMetadata(call: Call, latencyMs: number): JsonObject | undefined {
  const { attempts, endpoint, plan } = call;
  if (plan === null || !asksForMetadata(call.headers)) return undefined;
  if (plan.attempts.length + plan.passedOver.length === 0) return undefined;
  const answered = attempts.find(({ status }) => status === 200);
  const selected = answered === undefined ? undefined : endpoint;
  const available = plan.attempts.map(({ endpoint: one, reason }) => ({
    provider: one.providerName,
    model: one.modelId,
    selected: one === selected,
    reason,
  }));
  const generationTime = generationTimeMs(call, { latencyMs });
  const summary = plan.summary();
  const facts = `available=${available.length}, selected=${selected?.providerName ?? "none"}`;
  return {
    requested: call.modelsRequested[0] ?? "",
    strategy: plan.strategy,
    region: null,
    summary: summary === "" ? facts : `${facts}. ${summary}`,
    attempt: Math.max(1, attempts.length),
    is_byok: false,
    endpoints: { total: available.length + plan.passedOver.length, available },
    attempts: attempts.map(({ providerName: provider, model, status, reason, latencyMs: latency }) => ({
      provider,
      model,
      status,
      reason,
      latency,
    })),
    passed_over: plan.passedOver.map(({ endpoint: one, because }) => ({
      provider: one.providerName,
      model: one.modelId,
      because,
    })),
    ...(generationTime === null ? {} : { generation_time: generationTime }),
  };
}

/** The frames that end a stream, with the metadata in the last of them that is JSON. */
export function withMetadata(frames: string, metadata: JsonObject): string {
  const parts = frames.split(/(?<=\n\n)/);
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index] ?? "";
    const start = part.indexOf("data: ") + "data: ".length;
    const parsed = parseJson(part.slice(start));
    if (!parsed.ok || !isJsonObject(parsed.value)) continue;
    parts[index] = `${part.slice(0, start)}${JSON.stringify(placed(parsed.value, metadata))}\n\n`;
    break;
  }
  return parts.join("");
}

function placed(event: JsonObject, metadata: JsonValue): JsonObject {
  if (isJsonObject(event.response)) {
    return { ...event, response: { ...event.response, openrouter_metadata: metadata } };
  }
  return { ...event, openrouter_metadata: metadata };
}
