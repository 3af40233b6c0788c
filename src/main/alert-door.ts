/**
 * The way out for messages about alerts. Anybody with an account chooses an address here, so it is the way that providers are
 * reached by, with the same guard, and says less: the address that a name has inside is the operator's business.
 *
 * Invariants: no redirect is followed; nothing of what was sent, and nothing of the way, stands in what is said of a failure.
 */
import { AddressGuard, hostAndPortOf } from "../gateway/transport/address-guard.ts";
import { createTransport, TransportError } from "../gateway/transport/transport.ts";
import type { OutgoingMessage } from "../jobs/alerts/messages.ts";
import { ChannelError, type ChannelFailure } from "../kernel/alerts/channel-failure.ts";

export interface AlertDoor {
  /** The status of the answer. Rejects with ChannelError. */
  send(message: OutgoingMessage, timeoutMs: number): Promise<number>;
  /** Why nothing would be sent there; null where something would. */
  refusal(url: string): Promise<string | null>;
}

/** `resolve` gives all addresses of a host. */
export function createAlertDoor(
  allowPrivate: readonly string[],
  resolve?: (host: string) => Promise<string[]>,
): AlertDoor {
  const guard = new AddressGuard({ allowPrivate, ...(resolve ? { resolve } : {}) });
  const transport = createTransport(guard);
  return {
    send: async ({ url, headers, body }, timeoutMs) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const request = { method: "POST", url, headers, body: new TextEncoder().encode(body), signal } as const;
      try {
        const answer = await transport.send({ ...request, firstByteTimeoutMs: timeoutMs });
        await answer.body?.cancel();
        return answer.status;
      } catch (error) {
        throw new ChannelError(signal.aborted ? "late" : codeOf(error), error);
      }
    },
    refusal: async (url) => {
      const parsed = URL.canParse(url) ? new URL(url) : null;
      const isAllowed = parsed !== null && allowPrivate.includes(hostAndPortOf(parsed));
      if (parsed?.protocol !== "https:" && !isAllowed) return "must begin with https://";
      const refused = await transport.refusal(url);
      return refused && wordsOf(refused);
    },
  };
}

function codeOf(error: unknown): ChannelFailure {
  if (!(error instanceof TransportError)) return "no_answer";
  if (error.kind === "refused") return "forbidden";
  if (error.kind === "timeout" || error.kind === "aborted") return "late";
  if (/cannot be resolved|has no address/.test(error.message)) return "unknown_host";
  return /certificate|\bcert|ssl|tls/i.test(error.message) ? "certificate" : "unreachable";
}

function wordsOf(error: unknown): string {
  if (!(error instanceof TransportError)) return "no answer";
  return error.message.replace(/ \([^)\s]*\)/, "");
}
