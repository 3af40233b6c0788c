/** What people are told of by themselves: limits that are nearly used, and keys that end soon. */
import { pruneReminders, remindOfEnds } from "../jobs/key-reminders.ts";
import type { Mailer } from "../mail/mailer.ts";
import { createKeyReminderStore } from "../storage/stores/key-reminders.ts";
import type { Ground } from "./ground.ts";
import { limitNoticesFor } from "./money.ts";
import type { Watching } from "./watching.ts";

export function noticesFor({ storage, config, clock }: Ground, mailer: Mailer, watching: Watching) {
  const limits = limitNoticesFor(storage, { config, clock, mailer, alsoTell: watching.tellOfLimits });
  const ends = { reminders: createKeyReminderStore(storage.db), mailer, baseUrl: config.baseUrl, clock };
  return {
    jobs: { tellOfLimits: limits.tell, remindOfEnds: () => remindOfEnds(ends) },
    /** Forgets what was told long ago. */
    prune: async () => {
      await limits.prune();
      await pruneReminders(ends);
    },
  };
}
