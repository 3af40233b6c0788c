/**
 * Where the data plane's reports about keys end up: what calls were, in the sums that are judged; a correct key outside its
 * allowed addresses, in the log and in the audit log, from which its owner hears of it.
 *
 * Whoever has a stolen key can make such calls come in a flood, so each cause is noted once an hour, and a key only so
 * often.
 */
import type { AlertSink, SafetySignal, UsageRecord } from "../gateway/ports.ts";
import { neighbourhood, networkText, parseAddress } from "../kernel/networks.ts";
import type { AuditStore } from "../storage/stores/audit.ts";
import type { Log } from "../telemetry/log.ts";
import type { Gather } from "../watch/gather.ts";

const QUIET_MS = 3_600_000;
const MOST_COUNTED = 10_000;
/** Entries of one key in an hour, in either log: the audit log is kept for ever. */
const MOST_ENTRIES_OF_KEY = 10;
const NANO = 1e9;
const UNKNOWN = "unknown";

interface Deps {
  gather: Gather;
  audit: Pick<AuditStore, "record">;
  log: Log;
}

export function createAlertSink({ gather, audit, log }: Deps): AlertSink {
  // Apart, so that a flood of causes, which makes the oldest forgotten, frees no key from its own bound.
  const causes = new QuietTimes();
  const keys = new QuietTimes();
  const addressRefused = ({ key, address, list, requestId, atMs }: AddressRefused) => {
    gather.refuse({ atMs, keyId: key.id, address: known(address), code: "address_not_allowed" });
    if (!causes.isNews(causeOf(key.id, address), { atMs, most: 1 })) return;
    if (!keys.isNews(key.id, { atMs, most: MOST_ENTRIES_OF_KEY })) return;
    const reason = `the key ${key.id} was called from ${address}, which the list of its ${list} does not hold`;
    log.warn("key.address_refused", { userId: key.userId, requestId, reason });
    const actor = { kind: "visitor", id: null, address: known(address) } as const;
    const target = { kind: "key", id: key.id };
    const onFailure = (error: unknown) => log.warn("job.failed", { operation: "audit", error });
    audit.record({ actor, action: "key.address_refused", target, after: { list } }).catch(onFailure);
  };
  return {
    report: (signal) => {
      if (signal.kind === "address_refused") return addressRefused(signal);
      const { keyId, address, code, atMs } = signal;
      gather.refuse({ atMs, keyId, address: known(address), code });
    },
    finished: (usage, address) => sumUp(gather, usage, known(address)),
  };
}

type AddressRefused = Extract<SafetySignal, { kind: "address_refused" }>;

/** Calls that were refused for who made them; those that cost nothing for any other reason teach nothing. */
function sumUp(gather: Gather, usage: UsageRecord, address: string | null): void {
  const { keyId, createdAt: atMs, status, userAgent } = usage;
  if (status === 401 || status === 403) {
    gather.refuse({ atMs, keyId, address, code: usage.errorCode ?? "" });
    return;
  }
  const costNano = usage.costNano ?? 0n;
  if (status >= 400 && costNano === 0n) return;
  const model = usage.model ?? usage.modelRequested;
  gather.add({ atMs, keyId, address, model, costUsd: Number(costNano) / NANO, userAgent });
}

function known(address: string): string | null {
  return address === UNKNOWN ? null : address;
}

/** One subscriber's addresses count as one. */
function causeOf(keyId: string, address: string): string {
  const parsed = parseAddress(address);
  return `${keyId} ${parsed ? networkText(neighbourhood(parsed)) : address}`;
}

/** Counts by name, for an hour each. */
class QuietTimes {
  readonly #counted = new Map<string, { untilMs: number; count: number }>();

  isNews(name: string, { atMs, most }: { atMs: number; most: number }): boolean {
    const running = this.#counted.get(name);
    if (running !== undefined && running.untilMs > atMs) return ++running.count <= most;
    this.#counted.delete(name);
    const oldest = this.#counted.size < MOST_COUNTED ? undefined : this.#counted.keys().next().value;
    if (oldest !== undefined) this.#counted.delete(oldest);
    this.#counted.set(name, { untilMs: atMs + QUIET_MS, count: 1 });
    return true;
  }
}
