/**
 * From an event to what a channel is sent: a webhook signed after the conventions of Standard Webhooks
 * (standardwebhooks.com), a message for Slack and what takes the same, a message of a Telegram bot.
 */
import { createHmac } from "node:crypto";
import type { AlertChannel } from "../../kernel/alerts/facts.ts";
import { alertWords, lineText } from "../../kernel/alerts/words.ts";
import type { Locale } from "../../kernel/locale.ts";
import { moneyWriter, type SecondCurrency } from "../../kernel/money-text.ts";
import { limitWords } from "../../mail/limit-words.ts";
import { oneLine } from "../../mail/one-line.ts";
import type { ChannelTarget } from "../../storage/stores/alert-settings.ts";
import type { AlertEvent } from "./event.ts";

export interface OutgoingMessage {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface MessageContext {
  /** Names the message, and stays the same when it is sent again. */
  id: string;
  nowMs: number;
  locale: Locale;
  display: SecondCurrency | null;
  /** Where bots of Telegram are spoken to. */
  telegramUrl: string;
}

/** Telegram takes 4,096 characters, Slack more. */
const MOST_CHARACTERS = 3_500;
export const WEBHOOK_SECRET_PREFIX = "whsec_";

/** Null where the target does not hold what the channel needs. */
export function messageOf(
  channel: AlertChannel,
  target: ChannelTarget,
  { event, context }: { event: AlertEvent; context: MessageContext },
): OutgoingMessage | null {
  const { url, secret, token, chat } = target;
  switch (channel) {
    case "webhook":
      return url === undefined || secret === undefined ? null : webhook({ url, secret }, { event, context });
    case "slack":
      return url === undefined ? null : json(url, { text: slackText(plainText(event, context)) });
    case "telegram": {
      if (token === undefined || chat === undefined) return null;
      const text = plainText(event, context);
      const body = { chat_id: chat, text, link_preview_options: { is_disabled: true } };
      return json(`${context.telegramUrl}/bot${token}/sendMessage`, body);
    }
  }
}

function json(url: string, body: object): OutgoingMessage {
  return { url, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function webhook(
  { url, secret }: { url: string; secret: string },
  { event, context }: { event: AlertEvent; context: MessageContext },
): OutgoingMessage {
  const body = JSON.stringify(webhookBody(event, context));
  const timestamp = String(Math.floor(context.nowMs / 1000));
  const headers = {
    "content-type": "application/json",
    "webhook-id": context.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatureOf(secret, { id: context.id, timestamp, body }),
  };
  return { url, headers, body };
}

/** HMAC-SHA-256 over id, time and body, with the bytes that stand in base64 behind `whsec_`. */
export function signatureOf(
  secret: string,
  { id, timestamp, body }: { id: string; timestamp: string; body: string },
): string {
  const key = Buffer.from(secret.slice(WEBHOOK_SECRET_PREFIX.length), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

function webhookBody(event: AlertEvent, context: MessageContext): object {
  const timestamp = new Date(event.atMs).toISOString();
  const { title, lines } = wordsOf(event, context);
  const words = { title, lines, url: event.url };
  switch (event.type) {
    case "alert": {
      const { id, level, key, facts, times } = event;
      return { type: `alert.${facts.kind}`, timestamp, data: { id, level, key, times, facts, ...words } };
    }
    case "limits":
      return { type: "limits", timestamp, data: { notices: event.notices, ...words } };
    case "test":
      return { type: "test", timestamp, data: words };
  }
}

/** What Slack reads as a link, or as a call to everybody, is a text: names are chosen by whoever calls with a key. */
function slackText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function plainText(event: AlertEvent, context: MessageContext): string {
  const { title, lines } = wordsOf(event, context);
  const text = [oneLine(title), ...lines.map((line) => `• ${oneLine(line)}`)].join("\n");
  const room = MOST_CHARACTERS - event.url.length;
  return `${text.length > room ? `${text.slice(0, room)}…` : text}\n${event.url}`;
}

const TEST: Record<Locale, { title: string; line: string }> = {
  en: { title: "A test of Gapura", line: "Alerts about your keys will arrive here." },
  id: { title: "Uji coba dari Gapura", line: "Peringatan tentang kunci Anda akan datang ke sini." },
};

function wordsOf(
  event: AlertEvent,
  { locale, display }: Pick<MessageContext, "locale" | "display">,
): { title: string; lines: string[] } {
  switch (event.type) {
    case "alert": {
      const subject = { facts: event.facts, keyName: event.key?.name ?? null };
      const words = alertWords(subject, { locale, money: moneyWriter(locale, display) });
      return { title: words.title, lines: [...words.lines.map((line) => lineText(line, locale)), words.advice] };
    }
    case "limits": {
      const { subject, lines } = limitWords(event.notices, { locale, display });
      return { title: subject, lines };
    }
    case "test":
      return { title: TEST[locale].title, lines: [TEST[locale].line] };
  }
}
