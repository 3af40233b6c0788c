/** What runs by itself beside the requests. */
import type { KeyCache } from "../gateway/policy/key-auth/key-cache.ts";
import { repeat } from "../jobs/repeat.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { KeyStore } from "../storage/stores/keys.ts";
import type { Log } from "../telemetry/log.ts";

/** Half of the second within which a key that another process revoked must be refused here. */
const LOOK_FOR_KEY_CHANGES_MS = 500;
/** How long another node may go on with a provider that was changed or removed here. */
const LOOK_FOR_PROVIDER_CHANGES_MS = 1_000;
const DELIVER_MAIL_MS = 5_000;
const PRUNE_MS = 10 * 60_000;

interface Parts {
  keys: KeyStore;
  keyCache: KeyCache;
  mailer: Mailer;
  /** Drops what time has made worthless. */
  prune(): Promise<void>;
  /** Brings providers that another process changed into force. */
  syncProviders(): Promise<void>;
  clock: Clock;
  log: Log;
}

/** Starts all jobs; `stop` resolves when none is running any more. */
export function startJobs({ keys, keyCache, mailer, prune, syncProviders, clock, log }: Parts): {
  stop(): Promise<void>;
} {
  let lookedAtMs = clock.nowMs();
  const job = (name: string, everyMs: number, work: () => Promise<void>) =>
    repeat({ everyMs, work, onFailure: (error) => log.warn("job.failed", { operation: name, error }) });
  const jobs = [
    job("key-changes", LOOK_FOR_KEY_CHANGES_MS, async () => {
      const nowMs = clock.nowMs();
      for (const change of await keys.changedSince(lookedAtMs)) keyCache.evict(change);
      lookedAtMs = nowMs;
    }),
    job("provider-changes", LOOK_FOR_PROVIDER_CHANGES_MS, syncProviders),
    job("mail", DELIVER_MAIL_MS, () => mailer.deliverDue()),
    job("prune", PRUNE_MS, prune),
  ];
  void mailer.deliverDue();
  return {
    stop: async () => {
      await Promise.all(jobs.map((running) => running.stop()));
    },
  };
}
