/** Everything that shows what was used: single requests, their sums, and what programs ask of both. */
import { activityHandlers } from "../control/activity/activity-handlers.ts";
import { userActivityHandlers } from "../control/activity/user-activity.ts";
import { generationHandlers } from "../control/generations/generation-handlers.ts";
import { overviewHandlers } from "../control/usage/overview.ts";
import { usageHandlers } from "../control/usage/usage-handlers.ts";
import { createActivityStore } from "../storage/stores/activity.ts";
import { createFeedbackStore } from "../storage/stores/feedback.ts";
import type { UsageStore } from "../storage/stores/usage.ts";
import { createUsageSeriesStore } from "../storage/stores/usage-series.ts";
import type { Ground } from "./ground.ts";
import type { Payloads } from "./payloads.ts";

interface UsageParts {
  usage: UsageStore;
  payloads: Payloads;
  isDraining(): boolean;
}

export function handlersOfUse({ storage, keys, clock }: Ground, { usage, payloads, isDraining }: UsageParts) {
  const records = { usage, feedback: createFeedbackStore(storage.db), payloads: payloads.store, clock };
  const series = createUsageSeriesStore(storage.db);
  const sums = { series, clock, keyNames: (userId: string) => keys.names(userId) };
  return {
    ...activityHandlers({ ...records, sleep: (ms) => Bun.sleep(ms), isEnding: isDraining }),
    ...generationHandlers(records),
    ...userActivityHandlers({ activity: createActivityStore(storage.db), keys, clock }),
    ...usageHandlers(sums),
    ...overviewHandlers({ ...sums, keys }),
  };
}
