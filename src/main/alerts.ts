/**
 * Where the data plane's reports about keys end up: for now in the log. Whoever has a stolen key can make them come in a
 * flood, so each cause is noted once an hour.
 */
import type { AlertSink, SafetySignal } from "../gateway/ports.ts";
import { neighbourhood, networkText, parseAddress } from "../kernel/networks.ts";
import type { Log } from "../telemetry/log.ts";

const QUIET_MS = 3_600_000;
const MOST_CAUSES = 10_000;

export function createAlertSink(log: Log): AlertSink {
  const quietUntilMs = new Map<string, number>();
  return {
    report: (signal) => {
      const cause = causeOf(signal);
      if ((quietUntilMs.get(cause) ?? 0) > signal.atMs) return;
      quietUntilMs.delete(cause);
      const oldest = quietUntilMs.size < MOST_CAUSES ? undefined : quietUntilMs.keys().next().value;
      if (oldest !== undefined) quietUntilMs.delete(oldest);
      quietUntilMs.set(cause, signal.atMs + QUIET_MS);
      const { key, address, list, requestId } = signal;
      const reason = `the key ${key.id} was called from ${address}, which the list of its ${list} does not hold`;
      log.warn("key.address_refused", { userId: key.userId, requestId, reason });
    },
  };
}

/** One subscriber's addresses count as one. */
function causeOf({ key, address }: SafetySignal): string {
  const parsed = parseAddress(address);
  return `${key.id} ${parsed ? networkText(neighbourhood(parsed)) : address}`;
}
