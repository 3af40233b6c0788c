/**
 * The audit log for people and programs: a page of it, all of it as a table, and whether it is what was written.
 *
 * Invariants: the owner of the instance reads everything, in the own account; else it is what the account or its keys did, or what was
 * done to them, and of others no name and no address; nothing here writes.
 */
import type { AuditEntryView } from "../../contract/schemas/audit.ts";
import type { Clock } from "../../kernel/clock.ts";
import { csvLine } from "../../kernel/csv.ts";
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import type { AuditRow, Checkpoint } from "../../storage/stores/audit-chain.ts";
import type { AuditFilter } from "../../storage/stores/audit-list.ts";
import type { AuditNames } from "../../storage/stores/audit-names.ts";
import type { Handlers } from "../http/handler.ts";
import { isoTime } from "../keys/key-view.ts";

export interface AuditHandlerDeps {
  audit: AuditStore;
  /** The id of an account by its e-mail address; null for none. */
  accountOf(email: string): Promise<string | null>;
  names(ids: readonly string[], within: string | null): Promise<AuditNames>;
  isOwner(userId: string): Promise<boolean>;
  /** Those that stand in the data folder. */
  checkpoints(): Promise<Checkpoint[]>;
  clock: Clock;
}

interface Wanted {
  who?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

const CSV_ROWS = 1_000;

export function auditHandlers(
  deps: AuditHandlerDeps,
): Handlers<"listAudit" | "exportAudit" | "verifyAudit" | "listApiAudit"> {
  const { audit, clock } = deps;
  const page = async (userId: string, query: Wanted & { cursor?: string | undefined; limit: number }) => {
    const within = (await deps.isOwner(userId)) ? null : userId;
    const beforeSeq = query.cursor === undefined ? undefined : Number(query.cursor);
    const filter = { ...(await filterOf(deps, query, within)), beforeSeq, limit: query.limit + 1 };
    const rows = await audit.list(filter);
    const shown = rows.slice(0, query.limit);
    const nextCursor = rows.length > query.limit ? String(shown.at(-1)?.seq) : null;
    const scope = within === null ? ("instance" as const) : ("account" as const);
    return { body: { entries: await viewsOf(deps, shown, within), nextCursor, scope } };
  };
  return {
    listAudit: async ({ account, query }) => page(account.accountId, query),
    listApiAudit: async ({ key, query }) => page(key.userId, query),
    exportAudit: async ({ account: { accountId: userId }, query }) => {
      const within = (await deps.isOwner(userId)) ? null : userId;
      const portions = csvOf(deps, await filterOf(deps, query, within), within);
      return {
        body: "",
        headers: new Headers({ "content-disposition": 'attachment; filename="gapura-audit.csv"' }),
        streamed: { type: "text/csv; charset=utf-8", portions },
      };
    },
    verifyAudit: async () => {
      const { ok, rows, checkpoints, problems, unverifiable } = await audit.verify({
        checkpoints: await deps.checkpoints(),
      });
      return { body: { ok, rows, checkpoints, problems, unverifiable, checkedAt: clock.nowMs() } };
    },
  };
}

type Filter = Omit<AuditFilter, "limit">;

async function filterOf(deps: AuditHandlerDeps, wanted: Wanted, within: string | null): Promise<Filter> {
  const idOf = async (text: string | undefined) => {
    if (!text?.includes("@")) return text;
    const id = await deps.accountOf(text.toLowerCase());
    // An address that nobody has matches nothing; neither does another's, or it could be tried who did something.
    return id !== null && (within === null || id === within) ? id : text;
  };
  return {
    action: wanted.action,
    actorId: await idOf(wanted.who),
    targetId: await idOf(wanted.target),
    fromMs: wanted.from,
    toMs: wanted.to,
    ...(within === null ? {} : { concerns: within }),
  };
}

async function viewsOf(
  deps: AuditHandlerDeps,
  rows: readonly AuditRow[],
  within: string | null,
): Promise<AuditEntryView[]> {
  const ids = [...new Set(rows.flatMap(({ actor_id, target_id }) => [actor_id, target_id]))];
  const names = await deps.names(
    ids.filter((id) => id !== null),
    within,
  );
  return rows.map((row) => viewOf(row, names, within));
}

function viewOf(row: AuditRow, names: AuditNames, within: string | null): AuditEntryView {
  const actorKind = row.actor_kind === "key" ? "key" : "account";
  const actorName = nameOf(names, actorKind, row.actor_id);
  // Where another person was when they changed something is for the owner of the instance alone.
  const isHidden = within !== null && row.actor_id !== null && actorName === null;
  return {
    seq: row.seq,
    at: row.at,
    actor: { kind: row.actor_kind, id: isHidden ? null : row.actor_id, name: actorName },
    address: isHidden ? null : row.address,
    action: row.action,
    target: { kind: row.target_kind, id: row.target_id, name: nameOf(names, row.target_kind, row.target_id) },
    before: factsOf(row.before),
    after: factsOf(row.after),
  };
}

function nameOf({ accounts, keys, providers }: AuditNames, kind: string, id: string | null): string | null {
  if (id === null) return null;
  const known = kind === "key" ? keys : kind === "provider" ? providers : accounts;
  return known.get(id) ?? null;
}

function factsOf(text: string | null): AuditEntryView["before"] {
  const parsed = parseJson(text ?? "null");
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
}

const HEADING = ["row", "time", "actor_kind", "actor", "actor_name", "address", "action"];
const REST = ["target_kind", "target", "target_name", "before", "after"];

/** Oldest first, in portions, so that a long log is never whole in memory. */
async function* csvOf(deps: AuditHandlerDeps, filter: Filter, within: string | null): AsyncGenerator<string> {
  yield csvLine([...HEADING, ...REST]);
  for (let afterSeq = 0; ; ) {
    const rows = await deps.audit.list({ ...filter, afterSeq, limit: CSV_ROWS });
    const views = await viewsOf(deps, rows, within);
    if (views.length > 0) yield views.map(csvOfEntry).join("");
    afterSeq = rows.at(-1)?.seq ?? afterSeq;
    if (rows.length < CSV_ROWS) return;
  }
}

function csvOfEntry({ seq, at, actor, address, action, target, before, after }: AuditEntryView): string {
  const facts = [before, after].map((some) => some && JSON.stringify(some));
  const who = [actor.kind, actor.id, actor.name, address];
  return csvLine([seq, isoTime(at), ...who, action, target.kind, target.id, target.name, ...facts]);
}
