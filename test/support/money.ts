/** A database with an account and its key, and processes of a ledger on it, for tests about money. */
import { createApiKey, type NewApiKey } from "../../src/kernel/api-key.ts";
import type { SpendLimit } from "../../src/kernel/spend-limit.ts";
import { createLedger, type Decision, type LedgerOptions, type MoneyLedger } from "../../src/storage/ledger/ledger.ts";
import type { Storage, StorageOptions } from "../../src/storage/open.ts";
import type { UsageRow } from "../../src/storage/schema.ts";
import { createBudgetStore } from "../../src/storage/stores/budgets.ts";
import { createKeyStore, type NewKeyOwner } from "../../src/storage/stores/keys.ts";
import { createUsageWriter, type SettledOutcome } from "../../src/storage/usage-writer/usage-writer.ts";
import type { Databases } from "./databases.ts";
import { storedPerson, usageRow } from "./stored.ts";

/** A Tuesday. */
export const NOON = Date.UTC(2026, 10, 24, 12);

/** A clock that stands still until the test moves it. */
export function handClock(nowMs = NOON) {
  const clock = {
    now: nowMs,
    monotonic: 0,
    nowMs: () => clock.now,
    monotonicMs: () => clock.monotonic,
    /** Lets time pass. */
    pass: (ms: number) => {
      clock.now += ms;
      clock.monotonic += ms;
    },
  };
  return clock;
}
export type HandClock = ReturnType<typeof handClock>;

/** One process of the ledger, with the calls that a test makes through it. */
export interface LedgerProcess {
  ledger: MoneyLedger;
  /** `leastNano` is `wantNano` unless it is said. */
  reserve(key: NewApiKey, ask: { wantNano: bigint; leastNano?: bigint; requestId?: string }): Promise<Decision>;
  settle(decision: Decision, costNano: bigint | null): Promise<SettledOutcome>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

export interface Bank {
  storage: Storage;
  options: StorageOptions;
  clock: HandClock;
  userId: string;
  budgets: ReturnType<typeof createBudgetStore>;
  keys: ReturnType<typeof createKeyStore>;
  newKey(limits?: Partial<NewKeyOwner>): Promise<NewApiKey>;
  limitsOf(key: NewApiKey): Promise<readonly SpendLimit[]>;
  /** Another process on the same database. */
  start(options?: LedgerOptions): Promise<LedgerProcess>;
}

export async function openBank(databases: Databases): Promise<Bank> {
  const options = await databases.options();
  const storage = await databases.open(options);
  const clock = handClock();
  const userId = await storedPerson(storage, "budi@example.com");
  const keys = createKeyStore(storage.db);
  const limitsOf = async ({ hash }: NewApiKey) => (await keys.findByHash(hash))?.spendLimits ?? [];
  return {
    storage,
    options,
    clock,
    userId,
    keys,
    budgets: createBudgetStore(storage.db),
    limitsOf,
    newKey: async (limits = {}) => {
      const key = createApiKey("inference");
      await keys.create(key, { userId, name: "Key", expiresAt: null, ...limits }, clock.now);
      return key;
    },
    start: (more) => startProcess({ databases, storage, clock, userId, limitsOf }, more),
  };
}

let requests = 0;

async function startProcess(
  bank: Pick<Bank, "storage" | "clock" | "userId" | "limitsOf"> & { databases: Databases },
  options: LedgerOptions = {},
): Promise<LedgerProcess> {
  const { databases, storage, clock, userId, limitsOf } = bank;
  const writer = createUsageWriter(storage, clock);
  const ledger = await createLedger({ db: storage.db, writer, clock }, options);
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    await ledger.close();
    await writer.close();
  };
  databases.afterwards(stop);
  const calls = new Map<string, { keyId: string; startedAtMs: number }>();
  const rowOf = (requestId: string, changes: Partial<UsageRow>): UsageRow => {
    const call = calls.get(requestId);
    const id = `gen-${requestId}`;
    const who = { user_id: userId, key_id: call?.keyId ?? "", created_at: call?.startedAtMs ?? 0 };
    return usageRow({ id, request_id: requestId, ...who, ...changes });
  };
  return {
    ledger,
    stop,
    reserve: async (key, { wantNano, leastNano = wantNano, requestId = `req_${++requests}` }) => {
      const startedAtMs = clock.now;
      const keyId = key.publicId;
      calls.set(requestId, { keyId, startedAtMs });
      const limits = [...ledger.instanceLimits(), ...(await limitsOf(key))];
      const draft = () => rowOf(requestId, { prompt_tokens: 7 });
      return ledger.reserve({ requestId, keyId, userId, startedAtMs, limits, wantNano, leastNano, draft });
    },
    settle: (decision, costNano) => {
      if (decision.kind !== "held") throw new Error("nothing is held");
      return ledger.settle(rowOf(decision.hold.requestId, { cost_nano: costNano }), decision.hold);
    },
  };
}
