/** What the signed-in person's keys were used for. */
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { FeedbackStore } from "../../storage/stores/feedback.ts";
import type { PayloadStore } from "../../storage/stores/payloads.ts";
import type { UsageStore } from "../../storage/stores/usage.ts";
import { contentView } from "../generations/content-view.ts";
import type { Handlers, SignedIn } from "../http/handler.ts";
import { memberFilter } from "../http/member-filter.ts";
import { activityCsv } from "./activity-csv.ts";
import { activityDetail, activityRow, feedbackRow, pageFilter } from "./activity-view.ts";
import { followRequests } from "./follow-requests.ts";

export function activityHandlers(deps: {
  usage: UsageStore;
  feedback: FeedbackStore;
  /** Null while payload logging is off. */
  payloads: PayloadStore | null;
  clock: Clock;
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Whether the session is still there, and its person in the account with the role that they had, and not suspended. */
  isStillMember(account: SignedIn): Promise<boolean>;
  /** Whether the server is about to stop. */
  isEnding(): boolean;
}): Handlers<"listActivity" | "getActivity" | "exportActivity" | "followActivity"> {
  const filterOf = <Query extends Parameters<typeof pageFilter>[0]>(query: Query, { onlyBy }: SignedIn) =>
    pageFilter({ ...query, member: memberFilter(query.member, onlyBy) });
  return {
    listActivity: async ({ account, query }) => {
      const { cursor, limit, ...filter } = query;
      const page = await deps.usage.page(account.accountId, { ...filterOf(filter, account), cursor, limit });
      return { body: { ...page, rows: page.rows.map(activityRow) } };
    },
    getActivity: async ({ account: { accountId, onlyBy }, params: { id } }) => {
      const row = await deps.usage.find(accountId, id, onlyBy);
      if (row === null) throw new GapuraError("resource_not_found", { values: { what: "This request" } });
      const payload = (await deps.payloads?.find(accountId, id)) ?? null;
      const feedback = await deps.feedback.of(accountId, id);
      const content = payload === null ? null : contentView(row, payload);
      return { body: { ...activityRow(row), ...activityDetail(row), feedback: feedback.map(feedbackRow), content } };
    },
    exportActivity: async ({ account, query }) => ({
      body: "",
      headers: new Headers({ "content-disposition": 'attachment; filename="gapura-requests.csv"' }),
      streamed: {
        type: "text/csv; charset=utf-8",
        portions: activityCsv(deps, account.accountId, filterOf(query, account)),
      },
    }),
    followActivity: async ({ account, query, request }) => ({
      body: "",
      headers: new Headers({ "x-accel-buffering": "no" }),
      streamed: {
        type: "text/event-stream; charset=utf-8",
        portions: followRequests(
          { usage: deps.usage, view: activityRow, sleep: deps.sleep, isEnding: deps.isEnding, clock: deps.clock },
          {
            ...{ userId: account.accountId, keyId: query.keyId, member: account.onlyBy ?? undefined },
            ...{ gone: request.signal, isStillAllowed: () => deps.isStillMember(account) },
          },
        ),
      },
    }),
  };
}
