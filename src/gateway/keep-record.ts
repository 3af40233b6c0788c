/** Keeps the record of a call that is over, and ends with it what was taken for the call. */

import { REPORTED } from "../catalog/recorded-cost.ts";
import { parseApiKey } from "../kernel/api-key.ts";
import { storageRefusal } from "../kernel/storage-trouble.ts";
import { type Call, type CallResult, elapsedMs, usageRecord } from "./call.ts";
import type { PipelineDeps } from "./pipeline.ts";
import { bearerOf, KEY_REFUSALS } from "./policy/key-auth/key-auth.ts";
import type { KeyRecord, Ledger } from "./ports.ts";
import { stayWith } from "./router/plan.ts";

/** Resolves when the record is durable. Throws storage_unavailable or storage_full when it could not be kept. */
export async function keep(deps: PipelineDeps, call: Call, result: CallResult): Promise<void> {
  if (!call.key) return reportRefusal(deps, call, result);
  if (isGood(result)) stayWith(deps, call, result.usage);
  const payload = deps.payloads && call.payload ? keepPayload(deps, call, call.key) : null;
  try {
    const price = keepPrice(deps, call, result);
    if (price) await price;
    const record = usageRecord(call, call.key, { ...result, latencyMs: elapsedMs(call, deps.clock) });
    await deps.usage.record(record, call.hold);
    call.hold = null;
    deps.alerts.finished(record, call.address);
  } catch (cause) {
    throw storageRefusal(cause, deps.ledger.trouble());
  } finally {
    call.ticket?.end(result.usage.promptTokens + result.usage.completionTokens);
  }
  if (payload) await payload;
}

/** Only the key itself says whose it is; its first characters say whom to ask. */
function reportRefusal({ alerts, clock }: PipelineDeps, call: Call, { errorCode: code }: CallResult): void {
  const isAboutKey = code !== null && (KEY_REFUSALS.has(code) || code === "management_key_refused");
  if (!isAboutKey) return;
  const key = bearerOf(call.client.authorization(call.headers));
  const publicId = key === undefined ? undefined : parseApiKey(key)?.publicId;
  if (publicId === undefined) return;
  alerts.report({ kind: "key_refused", keyId: publicId, address: call.address, code, atMs: clock.nowMs() });
}

/** Throws storage_unavailable or storage_full while no record could be kept. */
export function requireStorage(ledger: Pick<Ledger, "trouble">): void {
  const trouble = ledger.trouble();
  if (trouble !== null) throw storageRefusal(undefined, trouble);
}

function isGood({ status, errorCode, cancelled }: CallResult): boolean {
  return status === 200 && errorCode === null && !cancelled;
}

/** Nothing to wait for once the figures of a charge's price are kept. */
function keepPrice({ prices }: PipelineDeps, call: Call, { charge }: CallResult): undefined | Promise<void> {
  const price = call.endpoint?.price ?? null;
  const isUsed = charge.priceVersion !== null && charge.priceVersion !== REPORTED;
  return price !== null && isUsed ? prices.keep(price) : undefined;
}

/** Resolves when the payload is kept or lost. Logs fail open: what cannot be kept is no reason to withhold an answer. */
async function keepPayload(deps: PipelineDeps, call: Call, key: KeyRecord): Promise<void> {
  if (!deps.payloads || !call.payload) return;
  const { generationId, createdAt, requestId } = call;
  try {
    await deps.payloads.keep(call.payload.record({ generationId, userId: key.userId, createdAt }));
  } catch (error) {
    deps.log.warn("payload.lost", { requestId, reason: describe(error) });
  }
}

export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
}
