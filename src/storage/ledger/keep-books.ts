/**
 * One transaction of bookkeeping: settlements first, then what gives money back, then what asks for it, so that a batch
 * refuses nobody for money that it is about to free.
 *
 * Invariants: limit rows are locked before leases, leases before reservations, reservations before balances, each in the
 * order of their ids, so two batches never wait for each other; all of it is committed together with the usage rows, or
 * nothing is; a batch may be run again after a commit whose outcome is unknown.
 */
import { type Books, emptyBooks, leftOfAll, MissingLimits } from "./books.ts";
import type { Command, HeldMoney, Outcome } from "./commands.ts";
import { type Conversation, type Dialect, query, rowsParameter } from "./conversation.ts";
import { placeOf } from "./limits.ts";
import { loadBalances, loadLeases, loadLimits, loadProcesses, loadReservations, loadTerms } from "./load.ts";
import { HOUSE, userAccount } from "./movements.ts";
import { reserve } from "./reserve.ts";
import { save } from "./save.ts";
import {
  divided,
  dividedLate,
  expire,
  expireLease,
  giveBack,
  isPrepaid,
  limitIdsOf,
  pulse,
  release,
  type Settled,
  settle,
} from "./settle.ts";

/** How often a batch may find that limit rows have to be made first: windows can begin between two looks, but not for ever. */
export const MOST_ROUNDS = 4;

/** Throws MissingLimits when a limit row has to be made first; nothing is written then. */
export function* keepBooks(
  commands: readonly Command[],
  { dialect, nowMs }: { dialect: Dialect; nowMs: number },
): Conversation<Outcome[]> {
  const books = emptyBooks(nowMs);
  yield* load(dialect, books, commands);
  const settled = yield* settleAll(dialect, books, commands);
  const outcomes = new Map<Command, Outcome>();
  for (const command of commands) if (command.kind !== "reserve") outcomes.set(command, apply(books, command));
  for (const command of commands) if (command.kind === "reserve") outcomes.set(command, reserve(books, command));
  yield* save(dialect, books);
  if (books.fresh.length > 0) yield { kind: "addSums", rows: books.fresh };
  return commands.map((command) => {
    if (command.kind === "settle") return settledOutcome(books, settled.get(command), command.hold);
    return outcomes.get(command) ?? { kind: "done" };
  });
}

type SettleCommand = Extract<Command, { kind: "settle" }>;

function apply(books: Books, command: Exclude<Command, { kind: "reserve" }>): Outcome {
  switch (command.kind) {
    case "settle":
      return { kind: "done" };
    case "release":
      return release(books, command.hold);
    case "giveBack":
      return giveBack(books, command);
    case "pulse":
      return pulse(books, command);
    case "expire":
      return expire(books, command.hold);
    case "expireLease":
      return expireLease(books, command.leaseId);
  }
}

function* load(dialect: Dialect, books: Books, commands: readonly Command[]): Conversation<void> {
  const settles = commands.filter((command) => command.kind === "settle");
  const reserves = commands.filter((command) => command.kind === "reserve");
  const holds = commands.flatMap(holdsOf);
  if (dialect.guard && settles.some(({ row }) => row.cost_nano)) yield* query(dialect.guard.adding);
  books.processes.load(yield* loadProcesses(dialect, processIdsOf(commands)));
  books.terms = yield* loadTerms(dialect, [...new Set(reserves.map(({ keyId }) => keyId))]);
  const bounding = reserves.flatMap(({ keyId, startedAtMs }) =>
    (books.terms.get(keyId)?.limits ?? []).map((limit) => placeOf(limit, startedAtMs).id),
  );
  const others = [...settles.flatMap(limitIdsOf), ...holds.flatMap(({ limitIds }) => limitIds), ...givenBack(commands)];
  books.limits.load(yield* loadLimits(dialect, [...bounding, ...others]));
  const missing = bounding.filter((id) => !books.limits.get(id));
  if (missing.length > 0) throw new MissingLimits([...new Set(missing)]);
  books.leases.load(yield* loadLeases(dialect, leaseIdsOf(commands, holds)));
  const requestIds = [...holds, ...reserves].map(({ requestId }) => requestId);
  books.reservations.load(yield* loadReservations(dialect, requestIds));
  const accounts = settles.flatMap(({ hold }) => accountsOf(hold));
  books.balances.load(yield* loadBalances(dialect, accounts));
}

function holdsOf(command: Command): readonly HeldMoney[] {
  switch (command.kind) {
    case "settle":
      return command.hold === null ? [] : [command.hold];
    case "release":
    case "expire":
      return [command.hold];
    case "pulse":
      return command.marks.map(({ hold }) => hold);
    default:
      return [];
  }
}

function processIdsOf(commands: readonly Command[]): string[] {
  return commands.flatMap((command) => ("processId" in command ? [command.processId] : []));
}

function givenBack(commands: readonly Command[]): string[] {
  return commands.flatMap((command) => ("limitIds" in command ? command.limitIds : []));
}

function leaseIdsOf(commands: readonly Command[], holds: readonly HeldMoney[]): string[] {
  return [
    ...holds.flatMap(({ leaseId }) => leaseId ?? []),
    ...commands.flatMap((command) => {
      if (command.kind === "reserve") return command.lease?.leaseId ?? [];
      return "leaseId" in command ? [command.leaseId] : [];
    }),
  ];
}

/** A loss can only come with a hold; credit is only touched where it was held. */
function accountsOf(hold: HeldMoney | null): string[] {
  if (hold === null) return [];
  const lost = [HOUSE.operatorLoss, HOUSE.providerCost];
  return isPrepaid(hold) ? [...lost, userAccount(hold.userId), HOUSE.revenue] : lost;
}

/** Inserts all usage rows; those that are new are counted and paid. */
function* settleAll(
  dialect: Dialect,
  books: Books,
  commands: readonly Command[],
): Conversation<ReadonlyMap<SettleCommand, Settled>> {
  const settled = new Map<SettleCommand, Settled>();
  for (const command of commands) if (command.kind === "settle") settled.set(command, divided(books, command));
  const all = uniqueRows([...settled.values()]);
  yield* insertAll(
    books,
    all.filter(({ isLate }) => !isLate),
  );
  const late = all.filter(({ isLate }) => isLate);
  if (late.length === 0) return settled;
  const known = yield* knownUsage(dialect, late);
  for (const [command, each] of settled) {
    if (!each.isLate || known.has(each.row.id)) continue;
    const charged = { ...each, row: dividedLate(books, each) };
    settled.set(command, charged);
    yield* insertAll(books, [charged]);
  }
  return settled;
}

function uniqueRows(all: readonly Settled[]): Settled[] {
  return [...new Map(all.map((each) => [each.row.id, each])).values()];
}

function* insertAll(books: Books, all: readonly Settled[]): Conversation<void> {
  if (all.length === 0) return;
  const inserted = yield { kind: "insertUsage", rows: all.map(({ row }) => row) };
  const ids = new Set(inserted.map(({ id }) => id));
  for (const each of all) if (ids.has(each.row.id)) settle(books, each);
}

function* knownUsage(dialect: Dialect, late: readonly Settled[]): Conversation<ReadonlySet<string>> {
  const ids = rowsParameter(late.map(({ row }) => ({ id: row.id })));
  const rows = yield* query<{ id: string }>(
    `select id from usage where id in (select id from ${dialect.rows({ id: "text" })})`,
    ids,
  );
  return new Set(rows.map(({ id }) => id));
}

function settledOutcome(books: Books, settled: Settled | undefined, hold: HeldMoney | null): Outcome {
  const row = settled?.row;
  return {
    kind: "settled",
    chargedNano: row?.cost_nano ?? null,
    lossNano: row?.loss_nano ?? 0n,
    leftNano: hold === null ? null : leftOfAll(books, hold.limitIds),
  };
}
