/**
 * Tells people of alerts: keeps the alert, and with it, in one transaction, the mail and the messages that say so.
 *
 * Invariants: a `notice`, and a kind that its owner has muted, stay on the dashboard; a mail about a leaked key is sent by
 * whoever froze it, so none is sent here; a key is frozen by itself only where its owner has chosen that, and only where it
 * is sure that somebody else uses it or a limit would soon be used up; one alert freezes a key once, so that an owner who
 * unfreezes it has the last word.
 */
import type { AlertFacts, AlertLevel } from "../../kernel/alerts/facts.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { SecondCurrency } from "../../kernel/money-text.ts";
import type { Mailer } from "../../mail/mailer.ts";
import type { Db } from "../../storage/open.ts";
import { createAlertDeliveryStore } from "../../storage/stores/alert-deliveries.ts";
import { type AlertSettingStore, channelOf } from "../../storage/stores/alert-settings.ts";
import { type AlertRecord, createAlertStore } from "../../storage/stores/alerts.ts";
import { createMailStore } from "../../storage/stores/mail.ts";
import { inTransaction } from "../../storage/transaction.ts";
import { SURE_FROM_SCORE } from "../../watch/score.ts";
import type { Recipient } from "../limit-notices.ts";
import { alertEvent, alertUrl } from "./event.ts";

/** A key as alerts name it. */
export interface AlertKey {
  id: string;
  userId: string;
  name: string;
  label: string;
}

export interface TellDeps {
  db: Db;
  settings: AlertSettingStore;
  mailer: Pick<Mailer, "compose" | "afterKeeping">;
  /** Null for a key that is gone. */
  key(id: string): Promise<AlertKey | null>;
  /** Null for somebody who cannot be told. */
  person(userId: string): Promise<Recipient | null>;
  /** False where it was frozen or disabled already. */
  freeze(key: AlertKey): Promise<boolean>;
  /** Until a limit of the key is used up at its pace; null where none is. */
  limitLastsMs(key: AlertKey): Promise<number | null>;
  baseUrl: string;
  display: SecondCurrency | null;
  clock: Clock;
}

type UnusualUse = Extract<AlertFacts, { kind: "unusual_use" }>;
export type Subject = { keyId: string } | { userId: string };

/** A limit that is used up sooner is worth a word, and does not wait for its owner. */
const SOON_MS = 3_600_000;

export async function tell(
  deps: TellDeps,
  { level, facts, ...subject }: { level: AlertLevel; facts: AlertFacts } & Subject,
): Promise<void> {
  const key = "keyId" in subject ? await deps.key(subject.keyId) : null;
  const userId = "userId" in subject ? subject.userId : key?.userId;
  if (userId === undefined) return;
  const said = key === null || facts.kind !== "unusual_use" ? facts : await frozenIfWished(deps, { level, facts, key });
  const alert = { userId, keyId: key?.id ?? null, level, facts: said };
  const hasMailed = await keepAndTell(deps, alert, key);
  if (hasMailed) await deps.mailer.afterKeeping();
}

async function frozenIfWished(
  deps: TellDeps,
  { level, facts, key }: { level: AlertLevel; facts: UnusualUse; key: AlertKey },
): Promise<AlertFacts> {
  const lastsMs = await deps.limitLastsMs(key);
  const isSoon = lastsMs !== null && lastsMs < SOON_MS;
  const said = { ...facts, ...(isSoon && { limitLastsMinutes: Math.ceil(lastsMs / 60_000) }) };
  const isDue = level === "alert" && (isSoon || facts.score >= SURE_FROM_SCORE);
  if (!isDue || !(await deps.settings.get(key.userId)).autoFreeze) return said;
  if (await createAlertStore(deps.db).hasFrozen(key)) return said;
  return { ...said, isFrozen: await deps.freeze(key) };
}

/** Alerts that nobody has answered freeze a key later on, when one of its limits comes to its end. */
export async function freezeInTime(deps: TellDeps): Promise<void> {
  const nowMs = deps.clock.nowMs();
  for (const { keyId, level, facts } of await createAlertStore(deps.db).mayFreeze(nowMs)) {
    const key = keyId === null ? null : await deps.key(keyId);
    const lastsMs = key && (await deps.limitLastsMs(key));
    if (key !== null && lastsMs !== null && lastsMs < SOON_MS) await tell(deps, { keyId: key.id, level, facts });
  }
}

async function keepAndTell(
  deps: TellDeps,
  alert: Parameters<ReturnType<typeof createAlertStore>["raise"]>[0],
  key: AlertKey | null,
): Promise<boolean> {
  const { settings, clock } = deps;
  const { userId, facts } = alert;
  const wants = await settings.get(userId);
  const channels = await settings.channels(userId);
  const person = await deps.person(userId);
  const nowMs = clock.nowMs();
  return inTransaction(deps.db, async (db) => {
    const raised = await createAlertStore(db).raise(alert, nowMs);
    const isWanted = raised?.isTold === true && raised.alert.level === "alert" && !wants.muted.includes(facts.kind);
    if (!isWanted || person === null) return false;
    const event = JSON.stringify(alertEvent(raised.alert, key, { baseUrl: deps.baseUrl, nowMs }));
    for (const { channel } of channels) {
      const known = channelOf(channel);
      if (known) await createAlertDeliveryStore(db).add(userId, known, { event, nowMs });
    }
    if (!wants.mail || facts.kind === "leak_report") return false;
    await createMailStore(db).add(mailOf(deps, person, { alert: raised.alert, key }), nowMs);
    return true;
  });
}

function mailOf(
  { mailer, baseUrl, display }: TellDeps,
  person: Recipient,
  { alert, key }: { alert: AlertRecord; key: AlertKey | null },
) {
  return mailer.compose(person.email, person.locale ?? "en", {
    kind: "alert",
    name: person.name,
    url: alertUrl(baseUrl, alert.id),
    alert: { facts: alert.facts, keyName: key?.name ?? null },
    display,
  });
}
