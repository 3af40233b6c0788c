/** The statement of an account's credit: a page of it, or all of it as a table. */
import type { StatementEntry as EntryView } from "../../contract/schemas/credits.ts";
import { ENTRY_KINDS } from "../../contract/schemas/credits.ts";
import { accountLabel } from "../../kernel/account-label.ts";
import { csvLine } from "../../kernel/csv.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { usdString } from "../../kernel/money.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { StatementEntry, StatementFilter, StatementStore } from "../../storage/ledger/statement.ts";
import type { AccountPageStore, ListedAccount } from "../../storage/stores/account-list.ts";
import type { Handlers } from "../http/handler.ts";
import { isoTime } from "../keys/key-view.ts";

export interface StatementHandlerDeps {
  statement: StatementStore;
  accounts: Pick<AccountPageStore, "find" | "names">;
}

type StatementOperations = "getStatement" | "exportStatement" | "getAccountStatement" | "exportAccountStatement";

interface PageQuery {
  kind?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

export function statementHandlers(deps: StatementHandlerDeps): Handlers<StatementOperations> {
  const { statement, accounts } = deps;
  const page = async (userId: string, query: PageQuery & { cursor?: string | undefined; limit: number }) => {
    const account = accountLabel(await found(accounts, userId));
    const { entries, nextCursor } = await statement.page(userId, { ...filterOf(query), ...query });
    const names = await accounts.names(entries.flatMap(({ actorId }) => actorId ?? []));
    const balanceUsd = usdString(await statement.balance(userId));
    return { body: { account, entries: entries.map((entry) => entryView(entry, names)), nextCursor, balanceUsd } };
  };
  const exported = async (userId: string, query: PageQuery) => {
    await found(accounts, userId);
    return {
      body: "",
      headers: new Headers({ "content-disposition": 'attachment; filename="gapura-statement.csv"' }),
      streamed: { type: "text/csv; charset=utf-8", portions: csvOf(deps, userId, filterOf(query)) },
    };
  };
  return {
    getStatement: async ({ account, query }) => page(account.accountId, query),
    exportStatement: async ({ account, query }) => exported(account.accountId, query),
    getAccountStatement: async ({ params, query }) => page(params.id, query),
    exportAccountStatement: async ({ params, query }) => exported(params.id, query),
  };
}

async function found(accounts: StatementHandlerDeps["accounts"], userId: string): Promise<ListedAccount> {
  const account = await accounts.find(userId);
  if (account === null) throw new GapuraError("resource_not_found", { values: { what: "This account" } });
  return account;
}

/** `to` is the last day, which is included. */
function filterOf({ kind, from, to }: PageQuery): StatementFilter {
  return { kind, fromMs: from, toMs: to === undefined ? undefined : to + DAY_MS };
}

function entryView(entry: StatementEntry, names: ReadonlyMap<string, string>): EntryView {
  return {
    id: entry.transferId,
    kind: ENTRY_KINDS.find((kind) => kind === entry.kind) ?? "correction",
    createdAt: entry.createdAtMs,
    amountUsd: usdString(entry.amountNano),
    balanceUsd: usdString(entry.balanceNano),
    generationId: entry.usageId,
    note: entry.note,
    by: entry.actorId === null ? null : (names.get(entry.actorId) ?? null),
  };
}

const HEADING = ["time", "kind", "amount_usd", "balance_usd", "note", "by", "generation", "transfer"];

/** Oldest first, in portions, so that a long statement is never whole in memory. */
async function* csvOf(
  { statement, accounts }: StatementHandlerDeps,
  userId: string,
  filter: StatementFilter,
): AsyncGenerator<string> {
  let heading = csvLine(HEADING);
  for await (const portion of statement.all(userId, filter)) {
    const names = await accounts.names([...new Set(portion.flatMap(({ actorId }) => actorId ?? []))]);
    const lines = portion
      .map((entry) => entryView(entry, names))
      .map(({ createdAt, kind, amountUsd, balanceUsd, note, by, generationId, id }) =>
        csvLine([isoTime(createdAt), kind, amountUsd, balanceUsd, note, by, generationId, id]),
      );
    yield heading + lines.join("");
    heading = "";
  }
  if (heading !== "") yield heading;
}
