/** What a message says, as it waits to be delivered: parts, no sentences and no secrets. */
import type { AlertFacts, AlertLevel } from "../../kernel/alerts/facts.ts";
import { asChecked, isJsonObject, parseJson } from "../../kernel/json.ts";
import type { LimitNotice } from "../../mail/limit-words.ts";
import type { AlertRecord } from "../../storage/stores/alerts.ts";

export type AlertEvent =
  | {
      type: "alert";
      atMs: number;
      id: string;
      level: AlertLevel;
      key: { id: string; name: string; label: string } | null;
      facts: AlertFacts;
      times: number;
      url: string;
    }
  /** Limits that are nearly or wholly used. */
  | { type: "limits"; atMs: number; notices: readonly LimitNotice[]; url: string }
  /** Somebody has asked for it on the settings. */
  | { type: "test"; atMs: number; url: string };

export function alertEvent(
  alert: AlertRecord,
  key: { id: string; name: string; label: string } | null,
  { baseUrl, nowMs }: { baseUrl: string; nowMs: number },
): AlertEvent {
  const { id, level, facts, times } = alert;
  const shown = key === null ? null : { id: key.id, name: key.name, label: key.label };
  return { type: "alert", atMs: nowMs, id, level, key: shown, facts, times, url: alertUrl(baseUrl, id) };
}

/** The page of an alert. Opening it changes nothing. */
export function alertUrl(baseUrl: string, id: string): string {
  return `${baseUrl}/alerts?alert=${encodeURIComponent(id)}`;
}

/** What this server has written itself. Null for what it cannot have written. */
export function readEvent(text: string): AlertEvent | null {
  const parsed = parseJson(text);
  return parsed.ok && isJsonObject(parsed.value) && "type" in parsed.value ? asChecked<AlertEvent>(parsed.value) : null;
}
