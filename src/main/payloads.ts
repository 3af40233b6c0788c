/** Payload logging as the operator set it: where payloads go, who may read them, and when they are deleted. */
import type { Config } from "../config/schema.ts";
import type { PayloadSink } from "../gateway/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Secret } from "../kernel/secret.ts";
import { DAY_MS } from "../kernel/windows.ts";
import type { Storage } from "../storage/open.ts";
import { createPayloadStore, type PayloadStore } from "../storage/stores/payloads.ts";
import { createSealer } from "../storage/stores/sealed-text.ts";

export interface Payloads {
  /** Both null while it is off. */
  sink: PayloadSink | null;
  store: PayloadStore | null;
  retentionDays: number | null;
  /** Deletes what is older than the retention, also after it was switched off. */
  prune(): Promise<void>;
}

export function payloadsOf(
  { payloadLogging, payloadRetentionDays }: Pick<Config, "payloadLogging" | "payloadRetentionDays">,
  { storage, secret, clock }: { storage: Storage; secret: Secret; clock: Clock },
): Payloads {
  const store = createPayloadStore(storage.db, createSealer(secret, "payload log"));
  const sink: PayloadSink = {
    keep: ({ generationId, userId, createdAt, ...payload }) => store.keep({ generationId, userId, createdAt }, payload),
  };
  return {
    sink: payloadLogging ? sink : null,
    store: payloadLogging ? store : null,
    retentionDays: payloadLogging ? payloadRetentionDays : null,
    prune: () => store.prune(clock.nowMs() - payloadRetentionDays * DAY_MS),
  };
}
