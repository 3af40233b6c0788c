/**
 * Alerts and the four answers to them.
 *
 * Invariants: an alert of somebody else is not there; reading one changes nothing; every answer stands in the audit log, and
 * what it does to a key can be undone.
 */
import type { Alert, AlertDetails } from "../../contract/schemas/alerts.ts";
import { ALERT_ANSWERS, type AlertAnswer } from "../../kernel/alerts/facts.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { usdString } from "../../kernel/money.ts";
import { DAY_MS, dayOf } from "../../kernel/windows.ts";
import type { Db } from "../../storage/open.ts";
import type { AlertKeyRow, AlertKeys, SpentDay } from "../../storage/stores/alert-keys.ts";
import type { AlertRecord, AlertStore } from "../../storage/stores/alerts.ts";
import { createAlertStore } from "../../storage/stores/alerts.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { createWatchStore } from "../../storage/stores/watch.ts";
import { personActor } from "../audit/actor.ts";
import type { HandlerInput, Handlers, SignedIn } from "../http/handler.ts";
import type { KeyAdministration } from "../keys/key-administration.ts";
import { suggestedLimit } from "./suggested-limit.ts";

export interface AlertHandlerDeps {
  alerts: AlertStore;
  keys: AlertKeys;
  administration: KeyAdministration;
  audit: AuditStore;
  clock: Clock;
}

type AlertOperations = "listAlerts" | "getAlert" | "answerAlert";

const SHOWN_DAYS = 28;

export function alertHandlers(deps: AlertHandlerDeps): Handlers<AlertOperations> {
  const { alerts, keys } = deps;
  return {
    listAlerts: async ({ account: { accountId: userId, onlyBy: maker }, query }) => {
      const { limit, ...filter } = query;
      const found = await alerts.list(userId, { ...filter, maker, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const withAlerts = await alerts.keyIds(userId, maker);
      const known = await keys.of([...new Set([...withAlerts, ...shown.flatMap(({ keyId }) => keyId ?? [])])]);
      return {
        body: {
          alerts: shown.map((alert) => alertView(alert, known.get(alert.keyId ?? ""))),
          nextCursor: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
          open: await alerts.countOpen(userId, maker),
          keys: withAlerts.flatMap((id) => nameOf(known.get(id))),
        },
      };
    },
    getAlert: async ({ account, params }) => ({
      body: await details(deps, await existing(deps, account, params.id)),
    }),
    answerAlert: async (input) => {
      const { account, params } = input;
      const alert = await existing(deps, account, params.id);
      if (!alert.isOpen) throw new GapuraError("alert_answered");
      await act(deps, alert, input);
      await close(deps, alert, input);
      return { body: await details(deps, await existing(deps, account, params.id)) };
    },
  };
}

function nameOf(key: AlertKeyRow | undefined): { id: string; name: string }[] {
  return key === undefined ? [] : [{ id: key.id, name: key.name }];
}

async function existing(
  { alerts }: AlertHandlerDeps,
  { accountId, onlyBy }: SignedIn,
  id: string,
): Promise<AlertRecord> {
  const alert = await alerts.get(accountId, id, onlyBy);
  if (alert === null) throw new GapuraError("resource_not_found", { values: { what: "This alert" } });
  return alert;
}

/** What the answer does to the key. Closing the alert comes after it, so that what failed can be answered again. */
async function act(
  { administration, keys }: AlertHandlerDeps,
  { keyId, userId }: AlertRecord,
  { account, body, visitor }: HandlerInput<"answerAlert">,
): Promise<void> {
  if (body.answer === "me" || body.answer === "rotate") return;
  const key = keyId === null ? undefined : (await keys.of([keyId])).get(keyId);
  if (key === undefined) throw new GapuraError("resource_not_found", { values: { what: "This API key" } });
  const actor = personActor(account.userId, visitor);
  const place = { userId, id: key.id };
  if (body.answer === "freeze") {
    await administration.freeze(actor, place, { reason: "alert" });
    return;
  }
  const { limitUsd: limitNano, limitReset } = body;
  await administration.change(actor, place, { limitNano, limitReset });
}

/** With it, in one transaction, the entry in the audit log and what is to be learned. */
async function close(
  { audit, clock }: AlertHandlerDeps,
  { id, userId, keyId, facts }: AlertRecord,
  { account, body: { answer }, visitor }: HandlerInput<"answerAlert">,
): Promise<void> {
  const nowMs = clock.nowMs();
  await audit.together(async (db: Db, record) => {
    const closed = await createAlertStore(db).answer(userId, id, { answer, nowMs });
    if (closed === null) throw new GapuraError("alert_answered");
    if (answer === "me" && keyId !== null) await createWatchStore(db).learn(keyId, nowMs);
    const actor = personActor(account.userId, visitor);
    await record({
      actor,
      action: "alert.answer",
      target: { kind: "alert", id },
      after: { answer, kind: facts.kind, key: keyId },
    });
  });
}

async function details({ keys, clock }: AlertHandlerDeps, alert: AlertRecord): Promise<AlertDetails> {
  const { keyId } = alert;
  const key = keyId === null ? undefined : (await keys.of([keyId])).get(keyId);
  if (key === undefined) return { alert: alertView(alert, undefined), days: [], suggestedDailyUsd: null };
  const today = dayOf(clock.nowMs());
  const spent = await keys.days(key.id, today - SHOWN_DAYS + 1);
  const suggested = suggestedLimit(spent, { beganOn: dayOf(alert.createdAt), key });
  return {
    alert: alertView(alert, key),
    days: Array.from({ length: SHOWN_DAYS }, (_, index) => dayView(today - SHOWN_DAYS + 1 + index, spent)),
    suggestedDailyUsd: suggested === null ? null : usdString(suggested),
  };
}

function dayView(day: number, spent: readonly SpentDay[]): AlertDetails["days"][number] {
  const found = spent.find((known) => known.day === day);
  return {
    day: new Date(day * DAY_MS).toISOString().slice(0, 10),
    spentUsd: usdString(found?.spentNano ?? 0n),
    requests: found?.requests ?? 0,
  };
}

function alertView(alert: AlertRecord, key: AlertKeyRow | undefined): Alert {
  const { id, level, facts, isOpen, times, createdAt, happenedAt, answeredAt } = alert;
  const shown = key ? { id: key.id, name: key.name, label: key.label, isDisabled: key.isDisabled } : null;
  const answer = answerOf(alert.answer);
  return { id, level, facts, key: shown, isOpen, times, createdAt, happenedAt, answer, answeredAt };
}

function answerOf(name: string | null): AlertAnswer | null {
  return ALERT_ANSWERS.find((known) => known === name) ?? null;
}
