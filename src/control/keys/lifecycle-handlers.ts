/** What people are told of the ends of their keys, and what the instance demands of them. */
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { Db } from "../../storage/open.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { readKeyPolicy } from "../../storage/stores/key-policy.ts";
import { createKeyReminderStore } from "../../storage/stores/key-reminders.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers } from "../http/handler.ts";
import { setKeyPolicy } from "./key-policy.ts";

export interface LifecycleHandlerDeps {
  db: Db;
  audit: AuditStore;
  clock: Clock;
}

type LifecycleOperations = "listKeyReminders" | "dismissKeyReminder" | "getKeyPolicy" | "setKeyPolicy";

export function lifecycleHandlers({ db, audit, clock }: LifecycleHandlerDeps): Handlers<LifecycleOperations> {
  const reminders = createKeyReminderStore(db);
  return {
    listKeyReminders: async ({ account }) => ({
      body: { reminders: await reminders.open(account, clock.nowMs()) },
    }),
    dismissKeyReminder: async ({ account, params }) => {
      const isAway = await reminders.dismiss(account.userId, params.id, clock.nowMs());
      if (!isAway) throw new GapuraError("resource_not_found", { values: { what: "This reminder" } });
      return { body: { done: true } };
    },
    getKeyPolicy: async () => ({ body: await readKeyPolicy(db) }),
    setKeyPolicy: async ({ account, body, visitor }) => {
      await setKeyPolicy(audit, personActor(account.userId, visitor), body);
      return { body: await readKeyPolicy(db) };
    },
  };
}
