/**
 * Delivers messages about alerts to the channels that people have set, and tries again for a day.
 *
 * Invariants: a message goes to an address that `send` lets it go to, and to no other; every attempt ends within
 * SEND_TIMEOUT_MS; of one round few are sent at once, so that somebody who never answers delays others by one timeout.
 * Failure modes: what is refused for good (no such target, 410 Gone) is given up at once; the last reason stands on
 * the page of channels.
 */

import { ChannelError, statusFailure } from "../../kernel/alerts/channel-failure.ts";
import type { AlertChannel } from "../../kernel/alerts/facts.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Locale } from "../../kernel/locale.ts";
import type { SecondCurrency } from "../../kernel/money-text.ts";
import type { AlertDeliveryStore, DeliveryRow } from "../../storage/stores/alert-deliveries.ts";
import { type AlertSettingStore, channelOf } from "../../storage/stores/alert-settings.ts";
import { type AlertEvent, readEvent } from "./event.ts";
import { messageOf, type OutgoingMessage } from "./messages.ts";

/** What became of one attempt; the reason is a code of `kernel/alerts/channel-failure.ts`. */
export type Sent = { ok: true } | { ok: false; reason: string; isFinal: boolean };

export interface DeliverDeps {
  deliveries: AlertDeliveryStore;
  settings: AlertSettingStore;
  /** The status of the answer. Rejects with ChannelError when there is none, or the address is not allowed. */
  send(message: OutgoingMessage, timeoutMs: number): Promise<number>;
  localeOf(userId: string): Promise<Locale>;
  display: SecondCurrency | null;
  telegramUrl: string;
  clock: Clock;
}

export const TELEGRAM_URL = "https://api.telegram.org";
const SEND_TIMEOUT_MS = 10_000;
const LEASE_MS = 60_000;
const AT_ONCE = 8;
/** Before the second attempt, the third, and so on; then it is given up. */
const WAIT_MS = [5_000, 30_000, 2 * 60_000, 10 * 60_000, 3_600_000, 6 * 3_600_000, 17 * 3_600_000];

/** Sends what is due now. */
export async function deliverAlerts(deps: DeliverDeps): Promise<void> {
  for (;;) {
    const nowMs = deps.clock.nowMs();
    const due = await deps.deliveries.takeDue(nowMs, { leaseMs: LEASE_MS, most: AT_ONCE });
    if (due.length === 0) return;
    await Promise.all(due.map((row) => deliver(deps, row)));
  }
}

async function deliver(deps: DeliverDeps, row: DeliveryRow): Promise<void> {
  const channel = channelOf(row.channel);
  const event = readEvent(row.event);
  if (channel === undefined || event === null) return deps.deliveries.done(row.id);
  const sent = await sendTo(deps, { userId: row.user_id, channel, id: row.id, event });
  if (sent.ok) return deps.deliveries.done(row.id);
  const waitMs = sent.isFinal ? undefined : WAIT_MS[row.attempts - 1];
  const againAtMs = waitMs === undefined ? null : deps.clock.nowMs() + waitMs;
  await deps.deliveries.failed(row.id, { reason: sent.reason, againAtMs });
}

export interface Message {
  userId: string;
  channel: AlertChannel;
  /** Stays the same when it is sent again. */
  id: string;
  event: AlertEvent;
}

/** One attempt, noted with the channel. Never rejects because of whoever is at the other end. */
export async function sendTo(deps: DeliverDeps, { userId, channel, id, event }: Message): Promise<Sent> {
  const { settings, clock } = deps;
  const target = await settings.target(userId, channel);
  const nowMs = clock.nowMs();
  const { display, telegramUrl } = deps;
  const context = { id, nowMs, locale: await deps.localeOf(userId), display, telegramUrl };
  const message = target && messageOf(channel, target, { event, context });
  const sent: Sent = message ? await attempt(deps, message) : { ok: false, reason: "sealed", isFinal: true };
  if (sent.ok) await settings.delivered(userId, channel, nowMs);
  else await settings.failed(userId, channel, { nowMs, reason: sent.reason });
  return sent;
}

async function attempt({ send }: DeliverDeps, message: OutgoingMessage): Promise<Sent> {
  try {
    const status = await send(message, SEND_TIMEOUT_MS);
    if (status >= 200 && status < 300) return { ok: true };
    return { ok: false, reason: statusFailure(status), isFinal: status === 410 };
  } catch (error) {
    return { ok: false, reason: error instanceof ChannelError ? error.code : "no_answer", isFinal: false };
  }
}
