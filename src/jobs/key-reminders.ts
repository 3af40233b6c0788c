/** Tells people that keys of theirs end soon: one mail for each person and round, and a notice in the dashboard. */
import type { Clock } from "../kernel/clock.ts";
import { DAY_MS } from "../kernel/windows.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { KeyReminderStore } from "../storage/stores/key-reminders.ts";

export interface KeyReminderDeps {
  reminders: Pick<KeyReminderStore, "due" | "tell" | "prune">;
  mailer: Pick<Mailer, "compose" | "afterKeeping">;
  /** Where the dashboard is, without a trailing slash. */
  baseUrl: string;
  clock: Clock;
}

const KEEP_MS = 30 * DAY_MS;

export async function remindOfEnds({ reminders, mailer, baseUrl, clock }: KeyReminderDeps): Promise<void> {
  const nowMs = clock.nowMs();
  for (const reminded of await reminders.due(nowMs)) {
    const { name, email, locale } = reminded.user;
    const url = `${baseUrl}/keys`;
    const mail = mailer.compose(email, locale ?? "en", { kind: "keys_ending", name, url, keys: reminded.keys });
    if (await reminders.tell(reminded, mail, nowMs)) await mailer.afterKeeping();
  }
}

export function pruneReminders({ reminders, clock }: Pick<KeyReminderDeps, "reminders" | "clock">): Promise<void> {
  return reminders.prune(clock.nowMs() - KEEP_MS);
}
