/** Watching over keys in a running server: who judges, who is told, and how messages go out. */

import { createThrottle } from "../control/accounts/throttle.ts";
import { alertHandlers } from "../control/alerts/alert-handlers.ts";
import { createAlertSettingHandlers } from "../control/alerts/alert-setting-handlers.ts";
import { createKeyAdministration, type KeyAdministration } from "../control/keys/key-administration.ts";
import type { OnKeyChanged } from "../control/keys/key-changes.ts";
import { type DeliverDeps, deliverAlerts, sendTo, TELEGRAM_URL } from "../jobs/alerts/deliver.ts";
import { Judge } from "../jobs/alerts/judge.ts";
import { readAudit } from "../jobs/alerts/read-audit.ts";
import { type AlertKey, freezeInTime, type TellDeps, tell } from "../jobs/alerts/tell.ts";
import type { Recipient } from "../jobs/limit-notices.ts";
import { SYSTEM } from "../kernel/audit.ts";
import { newId } from "../kernel/ids.ts";
import type { LimitNotice } from "../mail/limit-words.ts";
import type { Mailer } from "../mail/mailer.ts";
import { createAccountStore } from "../storage/stores/accounts.ts";
import { createAlertDeliveryStore } from "../storage/stores/alert-deliveries.ts";
import { alertKeys } from "../storage/stores/alert-keys.ts";
import { channelOf, createAlertSettingStore } from "../storage/stores/alert-settings.ts";
import { createAlertStore } from "../storage/stores/alerts.ts";
import { createAuditTail } from "../storage/stores/audit-tail.ts";
import { limitLastsMs } from "../storage/stores/key-runway.ts";
import { createSealer } from "../storage/stores/sealed-text.ts";
import { createWatchStore } from "../storage/stores/watch.ts";
import { Gather } from "../watch/gather.ts";
import { createAlertDoor } from "./alert-door.ts";
import { createAlertSink } from "./alerts.ts";
import type { Ground } from "./ground.ts";

interface Parts {
  mailer: Mailer;
  onKeyChanged: OnKeyChanged;
}

export type Watching = ReturnType<typeof watchingOf>;

export function watchingOf(ground: Ground, parts: Parts) {
  const { config, clock, log, secret, storage, audit } = ground;
  const gather = new Gather();
  const { db } = storage;
  const settings = createAlertSettingStore(db, createSealer(secret, "alert channels"));
  const deliveries = createAlertDeliveryStore(db);
  const watch = createWatchStore(db);
  const keys = alertKeys(db);
  const administration = createKeyAdministration({ audit, clock, onKeyChanged: parts.onKeyChanged });
  const person = personsOf(ground);
  const telling: TellDeps = {
    ...{ db, settings, mailer: parts.mailer, person, baseUrl: config.baseUrl, display: config.display, clock },
    key: async (id) => (await keys.of([id])).get(id) ?? null,
    freeze: (key) => freeze(administration, key),
    limitLastsMs: (key) => limitLastsMs(db, { keyId: key.id, userId: key.userId }, clock.nowMs()),
  };
  const outgoing = createAlertDoor(config.allowPrivateUpstream);
  const delivering: DeliverDeps = {
    ...{ deliveries, settings, send: outgoing.send, display: config.display, telegramUrl: TELEGRAM_URL, clock },
    localeOf: async (userId) => (await person(userId))?.locale ?? "en",
  };
  const judge = new Judge({
    ...{ db, gather, clock, tell: (finding) => tell(telling, finding) },
    existing: async (transaction, ids) => new Set((await alertKeys(transaction).of(ids)).keys()),
    holder: newId("judge"),
  });
  const alerts = createAlertStore(db);
  return {
    sink: createAlertSink({ gather, audit, log }),
    /** Sums up, judges and tells, where it is this process that does. */
    look: async () => {
      const judges = await judge.round();
      if (judges) await readAudit({ tail: createAuditTail(db), store: watch, tell: (found) => tell(telling, found) });
    },
    /** Notices of limits go where alerts go. */
    tellOfLimits: async (userId: string, notices: readonly LimitNotice[]) => {
      const nowMs = clock.nowMs();
      const event = { type: "limits", atMs: nowMs, notices, url: `${config.baseUrl}/budgets` } as const;
      for (const row of await settings.channels(userId)) {
        const channel = channelOf(row.channel);
        if (channel) await deliveries.add(userId, channel, { event: JSON.stringify(event), nowMs });
      }
    },
    /** Keys that are to be frozen before their limits come to an end. */
    freezeInTime: () => freezeInTime(telling),
    deliver: () => deliverAlerts(delivering),
    prune: async () => {
      const nowMs = clock.nowMs();
      for (const store of [alerts, deliveries, watch]) await store.prune(nowMs);
    },
    /** Keeps what is known. What cannot be kept does not hold up a stop. */
    close: () => judge.close().catch((error) => log.warn("job.failed", { operation: "watch", error })),
    handlersFor: (given: KeyAdministration) => ({
      ...alertHandlers({ alerts, keys, administration: given, audit, clock }),
      ...createAlertSettingHandlers({
        ...{ settings, audit, clock, refusal: outgoing.refusal, throttle: createThrottle(storage, clock) },
        test: (userId, channel) => {
          const event = { type: "test", atMs: clock.nowMs(), url: `${config.baseUrl}/alerts` } as const;
          return sendTo(delivering, { userId, channel, id: newId("msg"), event });
        },
      }),
    }),
  };
}

function personsOf({ storage }: Ground): (userId: string) => Promise<Recipient | null> {
  const accounts = createAccountStore(storage.db, storage.engine);
  return async (userId) => {
    const account = await accounts.contact(userId);
    return account === null || account.suspended ? null : account;
  };
}

async function freeze(administration: KeyAdministration, { id, userId }: AlertKey): Promise<boolean> {
  const frozen = await administration.freeze(SYSTEM, { userId, id }, { reason: "unusual_use" });
  return frozen !== null;
}
