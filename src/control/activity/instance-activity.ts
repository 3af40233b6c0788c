/**
 * Requests of all accounts, for whoever owns the instance.
 *
 * Invariant: what an operator needs to help and to account, and nothing of what was said or by whom: no prompt or answer
 * though payload logging be on, no end user, session or browser, no comment.
 */
import type { InstanceActivityRow } from "../../contract/schemas/activity.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { InstanceNames } from "../../storage/stores/instance-names.ts";
import type { UsageEntry, UsageStore } from "../../storage/stores/usage.ts";
import type { Handlers } from "../http/handler.ts";
import { activityCsv } from "./activity-csv.ts";
import { activityDetail, activityRow, pageFilter } from "./activity-view.ts";

type InstanceActivityOperations = "listInstanceActivity" | "exportInstanceActivity" | "getInstanceActivity";

const KEPT_FROM_OPERATORS = { externalUser: null, sessionId: null, userAgent: null, feedback: [], content: null };

export function instanceActivityHandlers({
  usage,
  names,
}: {
  usage: UsageStore;
  names: InstanceNames;
}): Handlers<InstanceActivityOperations> {
  const rowsOf = async (entries: readonly UsageEntry[]): Promise<InstanceActivityRow[]> => {
    const accounts = await names.accounts(entries.map(({ user_id }) => user_id));
    return entries.map((entry) => {
      const { user_id: accountId } = entry;
      return { ...activityRow(entry), accountId, account: accounts.get(accountId) ?? accountId };
    });
  };
  return {
    listInstanceActivity: async ({ query: { account, cursor, limit, ...filter } }) => {
      const page = await usage.page(account ?? null, { ...pageFilter(filter), cursor, limit });
      return { body: { ...page, rows: await rowsOf(page.rows) } };
    },
    exportInstanceActivity: async ({ query: { account, ...filter } }) => ({
      body: "",
      headers: new Headers({ "content-disposition": 'attachment; filename="gapura-requests.csv"' }),
      streamed: {
        type: "text/csv; charset=utf-8",
        portions: activityCsv({ usage, accounts: names.accounts }, account ?? null, pageFilter(filter)),
      },
    }),
    getInstanceActivity: async ({ params: { id } }) => {
      const entry = await usage.find(null, id);
      const [row] = entry === null ? [] : await rowsOf([entry]);
      if (entry === null || row === undefined)
        throw new GapuraError("resource_not_found", { values: { what: "This request" } });
      return { body: { ...row, ...activityDetail(entry), ...KEPT_FROM_OPERATORS } };
    },
  };
}
