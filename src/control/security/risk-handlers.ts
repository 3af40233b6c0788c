/**
 * Which keys are worth more to a thief than they need be, the riskiest first, and one action on many of them.
 *
 * Invariants: only keys that work are judged; an action on many keys is as many changes, each with its own entry in the
 * audit log and its own outcome, so that one that is refused holds up none of the others.
 */
import type { AuditActor } from "../../kernel/audit.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { KEY_RISKS, type KeyRisk, type RiskVerdict, riskOf } from "../../kernel/key-risk.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { LimitReset } from "../../kernel/windows.ts";
import { listOf } from "../../storage/list-column.ts";
import type { Db } from "../../storage/open.ts";
import { readKeyPolicy } from "../../storage/stores/key-policy.ts";
import { type JudgedKey, type JudgedWhich, workingKeys } from "../../storage/stores/key-risks.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers, SignedIn } from "../http/handler.ts";
import type { KeyAdministration } from "../keys/key-administration.ts";
import { requireFuture } from "../keys/key-changes.ts";
import { dashboardKey } from "../keys/key-view.ts";
import { keyWithin } from "../keys/key-within.ts";

export interface RiskHandlerDeps {
  db: Db;
  keys: KeyStore;
  administration: KeyAdministration;
  /** From where all keys of an account may be called. */
  accountNetworks(userId: string): Promise<string[] | null>;
  /** In how many networks keys were used lately; a key of which that is not known is left out. */
  networksUsed(keyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  clock: Clock;
}

interface Judged extends RiskVerdict {
  id: string;
  networks: number | null;
}

type BulkAction =
  | { kind: "expiry"; expiresAt: number | null }
  | { kind: "limit"; limitUsd: NanoUsd | null; limitReset: LimitReset | null }
  | { kind: "disable" | "enable" | "delete" };

export function riskHandlers(deps: RiskHandlerDeps): Handlers<"listKeyRisks" | "changeKeys"> {
  const { keys, clock } = deps;
  return {
    listKeyRisks: async ({
      account: { accountId: userId, onlyBy: maker },
      query: { risk, key: id, cursor, limit },
    }) => {
      const nowMs = clock.nowMs();
      const { judged, working } = await judge(deps, { userId, maker, keyId: id ?? null }, nowMs);
      const from = /^\d{1,9}$/.test(cursor ?? "") ? Number(cursor) : 0;
      const matching = judged.filter(({ risks }) => (risk === undefined ? risks.length > 0 : risks.includes(risk)));
      const page = matching.slice(from, from + limit);
      const rows = new Map(
        (
          await keys.byIds(
            userId,
            page.map(({ id }) => id),
            nowMs,
          )
        ).map((key) => [key.id, key]),
      );
      const shown = page.flatMap(({ id, ...verdict }) => {
        const key = rows.get(id);
        return key ? [{ key: dashboardKey(key, nowMs), ...verdict }] : [];
      });
      const nextCursor = matching.length > from + limit ? String(from + limit) : null;
      return { body: { keys: shown, nextCursor, working, counts: countsOf(judged) } };
    },
    changeKeys: async ({ account, body: { ids, action }, visitor }) => {
      if (action.kind === "expiry") requireFuture("expiresAt", action.expiresAt, clock.nowMs());
      const results = [];
      for (const id of ids)
        results.push({
          id,
          ...(await outcomeOf(() =>
            change(deps, { account, id, action, actor: personActor(account.userId, visitor) }),
          )),
        });
      return { body: { results } };
    },
  };
}

async function judge(
  deps: RiskHandlerDeps,
  which: JudgedWhich,
  nowMs: number,
): Promise<{ judged: Judged[]; working: number }> {
  const rows = await workingKeys(deps.db, which, nowMs);
  const policy = await readKeyPolicy(deps.db);
  const accountHasList = (await deps.accountNetworks(which.userId)) !== null;
  const used = await deps.networksUsed(rows.map(({ id }) => id));
  const judged = rows.map((row) => {
    const networks = used.get(row.id) ?? null;
    return { id: row.id, networks, ...riskOf(factsOf(row, { accountHasList, networks }), { policy, nowMs }) };
  });
  // Of equals the oldest first, which is how they came.
  return { judged: judged.sort((one, other) => other.score - one.score), working: rows.length };
}

function factsOf(row: JudgedKey, { accountHasList, networks }: { accountHasList: boolean; networks: number | null }) {
  return {
    kind: row.kind === "management" ? ("management" as const) : ("inference" as const),
    hasLimit: row.limit_nano !== null,
    expiresAt: row.expires_at,
    hasAddresses: accountHasList || listOf(row.allowed_networks) !== null,
    createdAt: row.created_at,
    secretMadeAt: row.rotated_at ?? row.created_at,
    lastUsedAt: row.last_used_at,
    networks,
  };
}

function countsOf(judged: readonly Judged[]): Record<KeyRisk, number> {
  const counts = { no_limit: 0, many_networks: 0, idle: 0, no_addresses: 0, no_expiry: 0, over_lifetime: 0 };
  for (const { risks } of judged) for (const risk of KEY_RISKS) if (risks.includes(risk)) counts[risk]++;
  return counts;
}

interface OneChange {
  account: SignedIn;
  id: string;
  action: BulkAction;
  actor: AuditActor;
}

async function change(
  { keys, administration, clock }: RiskHandlerDeps,
  { account, id, action, actor }: OneChange,
): Promise<void> {
  const place = { userId: account.accountId, id };
  await keyWithin(keys, account, { id, nowMs: clock.nowMs() });
  switch (action.kind) {
    case "expiry":
      await administration.change(actor, place, { expiresAt: action.expiresAt });
      return;
    case "limit":
      await administration.change(actor, place, { limitNano: action.limitUsd, limitReset: action.limitReset });
      return;
    case "delete":
      await administration.delete(actor, place);
      return;
    default:
      await administration.change(actor, place, { disabled: action.kind === "disable" });
  }
}

async function outcomeOf(work: () => Promise<void>) {
  try {
    await work();
    return { ok: true, code: null, message: null };
  } catch (error) {
    // What is wrong with one key is its outcome; what is wrong with the server is everybody's.
    if (error instanceof GapuraError && error.status < 500)
      return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}
