/** Everything that shows what was used: single requests, their sums, and what programs ask of both. */
import { activityHandlers } from "../control/activity/activity-handlers.ts";
import { instanceActivityHandlers } from "../control/activity/instance-activity.ts";
import { userActivityHandlers } from "../control/activity/user-activity.ts";
import { changeHandlers } from "../control/changes/change-handlers.ts";
import { createFollowChanges } from "../control/changes/follow-changes.ts";
import { generationHandlers } from "../control/generations/generation-handlers.ts";
import type { SignedIn } from "../control/http/handler.ts";
import { keyTrendHandlers } from "../control/keys/key-trends.ts";
import { instanceUsageHandlers } from "../control/usage/instance-usage.ts";
import { overviewHandlers } from "../control/usage/overview.ts";
import { keyMakers, usageHandlers } from "../control/usage/usage-handlers.ts";
import { viewHandlers } from "../control/views/view-handlers.ts";
import { createActivityStore } from "../storage/stores/activity.ts";
import { changeMarks, type Marked } from "../storage/stores/change-marks.ts";
import { createFeedbackStore } from "../storage/stores/feedback.ts";
import { createInstanceNames } from "../storage/stores/instance-names.ts";
import { keyTrend } from "../storage/stores/key-trend.ts";
import { createSavedViewStore } from "../storage/stores/saved-views.ts";
import { createTeamStore } from "../storage/stores/teams.ts";
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
  const teams = createTeamStore(storage.db, storage.engine);
  const makers = keyMakers(keys, teams);
  const sums = { series, clock, keyNames: (accountId: string) => keys.names(accountId), makers };
  const names = createInstanceNames(storage.db);
  const isMember = async (accountId: string, userId: string) =>
    (await teams.members(accountId)).some((member) => member.userId === userId);
  const isStillMember = ({ teamRole: role, ...rest }: SignedIn) => teams.isStillIn({ ...rest, role });
  const pace = { sleep: (ms: number) => Bun.sleep(ms), isEnding: isDraining, clock };
  const marks = (of: Marked) => changeMarks(storage.db, of, clock.nowMs());
  return {
    ...activityHandlers({ ...records, ...pace, isStillMember }),
    ...changeHandlers({ follow: createFollowChanges({ ...pace, marks }), isStillMember }),
    ...generationHandlers(records),
    ...userActivityHandlers({ activity: createActivityStore(storage.db), keys, clock, isMember }),
    ...usageHandlers(sums),
    ...overviewHandlers({ ...sums, keys }),
    ...viewHandlers({ views: createSavedViewStore(storage.db), clock }),
    ...keyTrendHandlers({ trend: (asked) => keyTrend(storage.db, asked), clock }),
    ...instanceUsageHandlers({ series, names, clock }),
    ...instanceActivityHandlers({ usage, names }),
  };
}
