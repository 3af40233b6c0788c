/** What runs by itself beside the requests. */
import type { OnKeyChanged } from "../control/keys/key-changes.ts";
import { repeat } from "../jobs/repeat.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { KeyStore } from "../storage/stores/keys.ts";
import type { Log } from "../telemetry/log.ts";
import type { LedgerCare } from "./ledger.ts";
import type { PriceRefresh } from "./price-refresh.ts";
import type { SharedJobs } from "./shared-jobs.ts";

/** Half of the second within which a key that another process revoked must be refused here. */
const LOOK_FOR_KEY_CHANGES_MS = 500;
/** Half of the second within which wishes about routing must be in force everywhere. */
const LOOK_FOR_ROUTING_CHANGES_MS = 500;
/** How long another node may go on with a provider that was changed or removed here. */
const LOOK_FOR_PROVIDER_CHANGES_MS = 1_000;
/** Idle leases go back within twice this. */
const TEND_LEDGER_MS = 500;
/** Within this another server can have what is not needed here of a cap. */
const TEND_CAPS_MS = 500;
const VERIFY_LEDGER_MS = 60_000;
const DELIVER_MAIL_MS = 5_000;
/** How old what other processes know of the jobs of the first may be. */
const KEEP_JOB_STATES_MS = 5_000;
const PRUNE_MS = 10 * 60_000;
/** A day's sums are made two hours after its end: nobody waits for them. */
const CLOSE_DAYS_MS = 5 * 60_000;
const AUDIT_CHECKPOINT_MS = 60 * 60_000;
/** How soon somebody is told of a limit that is nearly used. */
const TELL_OF_LIMITS_MS = 15_000;
/** How soon somebody is told that a key ends within days. */
const REMIND_OF_ENDS_MS = 60_000;
/** How long calls are summed up before they are judged: what it adds to the time until somebody hears of a theft. */
const WATCH_MS = 2_000;
const DELIVER_ALERTS_MS = 2_000;
const FREEZE_IN_TIME_MS = 60_000;
/** How often it is looked whether prices are due, and so how soon a fetch that failed is tried again. */
const RETRY_PRICES_MS = 10 * 60_000;

interface Parts {
  /** Whether this process also does what is to be done once for the whole instance. */
  isLeader: boolean;
  /** Where it is seen how they do. */
  states: Pick<SharedJobs, "board" | "keep">;
  keys: KeyStore;
  /** Brings a key that changed, here or elsewhere, into force. */
  onKeyChanged: OnKeyChanged;
  mailer: Mailer;
  /** Drops what time has made worthless. */
  prune(): Promise<void>;
  /** Makes the sums of days that are over. */
  closeDays(): Promise<void>;
  /** Tells people of limits that are nearly or wholly used. */
  tellOfLimits(): Promise<void>;
  /** Tells people of keys that end soon. */
  remindOfEnds(): Promise<void>;
  /** Judges how keys are used, and sends what is to be said about it. */
  watching: { look(): Promise<void>; freezeInTime(): Promise<void>; deliver(): Promise<void> };
  /** Brings providers and prices of their models that another process changed into force. */
  syncProviders(): Promise<void>;
  ledger: LedgerCare;
  /** Looks after the shares that this process has of caps on the rate of calls. */
  tendCaps(): Promise<void>;
  /** Signs how far the audit log has come. */
  auditCheckpoint(): Promise<void>;
  /** Brings wishes about routing that another process changed into force. */
  syncRouting(): Promise<void>;
  /** Null where the operator has named no address to fetch prices from. */
  prices: { refresh: PriceRefresh; everyMs: number } | null;
  clock: Clock;
  log: Log;
}

/** Starts all jobs; `stop` resolves when none is running any more. */
export function startJobs(parts: Parts): { stop(): Promise<void> } {
  const { keys, onKeyChanged, mailer, prune, tellOfLimits, syncProviders, syncRouting, prices, clock, log } = parts;
  let lookedAtMs = clock.nowMs();
  const job = (name: string, everyMs: number, work: () => Promise<void>) =>
    repeat({
      everyMs,
      work: parts.states.board.watched(name, everyMs, work),
      onFailure: (error) => log.warn("job.failed", { operation: name, error }),
    });
  const jobs = [
    job("key-changes", LOOK_FOR_KEY_CHANGES_MS, async () => {
      const nowMs = clock.nowMs();
      for (const change of await keys.changedSince(lookedAtMs)) onKeyChanged(change);
      lookedAtMs = nowMs;
    }),
    job("provider-changes", LOOK_FOR_PROVIDER_CHANGES_MS, syncProviders),
    job("ledger", TEND_LEDGER_MS, () => parts.ledger.tend()),
    job("caps", TEND_CAPS_MS, () => parts.tendCaps()),
    job("routing-changes", LOOK_FOR_ROUTING_CHANGES_MS, syncRouting),
    job("watch", WATCH_MS, () => parts.watching.look()),
    ...(prices === null ? [] : [job("prices", RETRY_PRICES_MS, () => refreshWhenDue(prices, clock, log))]),
  ];
  const forAll = () => [
    job("ledger-check", VERIFY_LEDGER_MS, async () => {
      for (const { invariant, text } of await parts.ledger.verify()) {
        log.error("ledger.broken", { operation: invariant, reason: text });
      }
    }),
    job("mail", DELIVER_MAIL_MS, () => mailer.deliverDue()),
    job("limit-notices", TELL_OF_LIMITS_MS, tellOfLimits),
    job("usage-days", CLOSE_DAYS_MS, parts.closeDays),
    job("key-reminders", REMIND_OF_ENDS_MS, parts.remindOfEnds),
    job("freeze-in-time", FREEZE_IN_TIME_MS, () => parts.watching.freezeInTime()),
    job("alert-messages", DELIVER_ALERTS_MS, () => parts.watching.deliver()),
    job("prune", PRUNE_MS, prune),
    ...(parts.states.keep ? [job("job-states", KEEP_JOB_STATES_MS, parts.states.keep)] : []),
    job("audit-checkpoint", AUDIT_CHECKPOINT_MS, parts.auditCheckpoint),
  ];
  if (parts.isLeader) {
    jobs.push(...forAll());
    void mailer.deliverDue();
  }
  if (prices !== null) {
    void refreshWhenDue(prices, clock, log).catch((error) => log.warn("job.failed", { operation: "prices", error }));
  }
  return {
    stop: async () => {
      await Promise.all(jobs.map((running) => running.stop()));
    },
  };
}

async function refreshWhenDue(prices: NonNullable<Parts["prices"]>, clock: Clock, log: Log): Promise<void> {
  const fetchedAtMs = prices.refresh.fetchedAtMs();
  if (fetchedAtMs !== null && clock.nowMs() - fetchedAtMs < prices.everyMs) return;
  const version = await prices.refresh.refresh();
  log.info("prices.refreshed", { reason: version });
}
