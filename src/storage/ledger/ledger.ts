/**
 * The ledger as one process uses it: it hands out holds, knows which are open, and ends each with the usage record.
 *
 * Invariants: a hold is given out only after it is durable; each is ended at most once from here; what was reserved for
 * a caller that had stopped waiting is given back.
 * Failure modes: when the database does not answer in time, `reserve` rejects and nothing is held; what may have been
 * written all the same is given back as soon as its answer comes.
 */
import type { Clock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import type { Db } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import { createBudgetStore } from "../stores/budgets.ts";
import type { SettledOutcome, UsageWriter } from "../usage-writer/usage-writer.ts";
import type { HeldMoney, Outcome, ReserveCommand } from "./commands.ts";

export interface ReserveRequest {
  requestId: string;
  keyId: string;
  userId: string;
  startedAtMs: number;
  limits: readonly SpendLimit[];
  wantNano: NanoUsd;
  leastNano: NanoUsd;
  /** The usage row as it would be if the call ended now. */
  draft(): UsageRow;
}

export interface OpenHold {
  requestId: string;
  grantedNano: NanoUsd;
}

export type Decision =
  | { kind: "held"; hold: OpenHold }
  | { kind: "refused"; limit: SpendLimit; leftNano: NanoUsd; resetsAtMs: number | null };

export interface MoneyLedger {
  instanceLimits(): readonly SpendLimit[];
  reserve(request: ReserveRequest): Decision | Promise<Decision>;
  progress(hold: OpenHold, costNano: NanoUsd): void;
  release(hold: OpenHold): Promise<void>;
  /** Keeps the usage row and ends the hold. */
  settle(row: UsageRow, hold: OpenHold | null): Promise<SettledOutcome>;
  /** Reads again what was set for the whole instance. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

interface Parts {
  db: Db;
  writer: UsageWriter;
  clock: Clock;
}

/** Rejects when the database does not answer. */
export async function createLedger({ db, writer }: Parts): Promise<MoneyLedger> {
  const processId = newId("proc");
  const open = new Map<string, HeldMoney>();
  let instanceLimits: readonly SpendLimit[] = [];
  const refresh = async () => {
    instanceLimits = await createBudgetStore(db).instanceLimits();
  };
  await refresh();

  return {
    instanceLimits: () => instanceLimits,
    refresh,
    reserve: async (request) => {
      const command = commandOf(request, processId);
      return decisionOf(await writer.submit(command), { request, open });
    },
    progress: () => {},
    release: async ({ requestId }) => {
      const hold = taken(open, requestId);
      if (hold && hold.limitIds.length > 0) await writer.submit({ kind: "release", hold });
    },
    settle: (row, hold) => writer.record(row, hold === null ? null : taken(open, hold.requestId)),
    close: async () => {
      for (const hold of open.values()) await writer.submit({ kind: "release", hold });
      open.clear();
    },
  };
}

function commandOf(request: ReserveRequest, processId: string): ReserveCommand {
  const { requestId, keyId, userId, startedAtMs, wantNano, leastNano } = request;
  return { kind: "reserve", requestId, keyId, userId, processId, startedAtMs, wantNano, leastNano, lease: null };
}

/** Takes a hold out of the open ones: from here on it can be ended by nobody else. */
function taken(open: Map<string, HeldMoney>, requestId: string): HeldMoney | null {
  const hold = open.get(requestId) ?? null;
  open.delete(requestId);
  return hold;
}

function decisionOf(
  outcome: Outcome,
  { request, open }: { request: ReserveRequest; open: Map<string, HeldMoney> },
): Decision {
  if (outcome.kind === "refused") return outcome;
  if (outcome.kind !== "held") throw new Error(`nothing could be reserved: ${outcome.kind}`);
  const { requestId, keyId, userId, startedAtMs } = request;
  const { grantedNano, limitIds } = outcome;
  open.set(requestId, { requestId, keyId, userId, startedAtMs, grantedNano, leaseId: null, limitIds });
  return { kind: "held", hold: { requestId, grantedNano } };
}
