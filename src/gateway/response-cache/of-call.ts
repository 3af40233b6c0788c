/** What the pipeline does with the response cache, for one call. */
import type { JsonObject } from "../../kernel/json.ts";
import type { Call, CallResult } from "../call.ts";
import type { AnswerIdentity } from "../canonical/dialects.ts";
import type { Outgoing } from "../prepare.ts";
import { CacheUse, cacheName } from "./cache-use.ts";
import { type CacheDefaults, readCacheWishes } from "./cache-wishes.ts";
import { type Replay, replayed } from "./replay.ts";
import type { ResponseCache, StoredAnswer } from "./response-cache.ts";

/**
 * Null for a request that wants nothing of the cache, and for one that wants to be shown what a provider is sent.
 * Throws GapuraError invalid_field.
 */
export function cacheUse(cache: ResponseCache, call: Call, { client, request }: Outgoing): CacheUse | null {
  const wishes = readCacheWishes(call.headers, call.preset === null ? null : cacheDefaults(call.preset.fields));
  if (wishes === null || call.key === null || request.wantsEcho) return null;
  const { apiType } = client;
  const { models, streamed } = request;
  const presetVersionId = call.preset?.versionId ?? "";
  const asked = { apiType, models, streamed, body: request.body.bytes, headers: call.headers, presetVersionId };
  const { id: keyId, allowedModels } = call.key;
  const name = cacheName({ keyId, allowedModels: allowedModels?.entries ?? null, ...asked });
  return new CacheUse(cache, name, wishes);
}

function cacheDefaults(preset: JsonObject): CacheDefaults {
  const { cache_enabled, cache_ttl_seconds } = preset;
  return {
    isOn: cache_enabled === true,
    ttlSeconds: typeof cache_ttl_seconds === "number" ? cache_ttl_seconds : null,
  };
}

/** The kept answer as that of this call, which from now on tells of itself what the first one did. */
export function beginReplay(call: Call, kept: StoredAnswer, identity: AnswerIdentity): Replay {
  call.endpoint = kept.endpoint;
  call.cacheSourceId = kept.generationId;
  call.dropped = kept.dropped;
  const { generationId, createdSeconds } = identity;
  const replay = replayed(kept.text, { sourceId: kept.generationId, generationId, createdSeconds });
  if (replay.kind === "whole") call.payload?.answered(replay.body);
  else for (const frame of replay.frames) call.payload?.sent(frame);
  return replay;
}

/** Frames on their way to the client. */
export function noteSent(call: Call, frames: string): void {
  call.payload?.sent(frames);
  call.cache?.sent(frames);
}

type End = Pick<CallResult, "finishReason" | "nativeFinishReason">;

/** Lets the cache keep all that was sent, where it is a good answer: one that says why it ended, and not by an error. */
export function keepForLater(call: Call, lastWords: string, { finishReason, nativeFinishReason }: End): void {
  const { cache, client, dropped, endpoint, generationId } = call;
  const isWhole = finishReason !== null || client.native.stream === undefined;
  if (cache === null || endpoint === null || !isWhole || finishReason === "error") return;
  cache.sent(lastWords);
  cache.keep({ generationId, endpoint, dropped, finishReason, nativeFinishReason });
}
