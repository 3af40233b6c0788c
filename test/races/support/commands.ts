/** What can happen to the ledger, as commands that fast-check puts together: each does it to the model and to the product. */
import { expect } from "bun:test";
import fc from "fast-check";
import { DAY_MS, LIMIT_RESETS, type LimitReset } from "../../../src/kernel/windows.ts";
import type { Fault } from "./faulty-writer.ts";
import type { Model, ModelHold, ModelKey } from "./model.ts";
import type { Real } from "./real.ts";

export type Step = fc.AsyncCommand<Model, Real>;

/** A command whose words are shown when a sequence fails. */
function step(name: string, run: (model: Model, real: Real) => Promise<void>, check?: (model: Model) => boolean): Step {
  return {
    check: (model) => check?.(model) ?? true,
    run: async (model, real) => {
      await run(model, real);
      await real.compare(model);
    },
    toString: () => name,
  };
}

const pick = <Item>(items: readonly Item[], index: number): Item => {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("there is nothing to pick from");
  return item;
};
const hasKeys = (model: Model) => model.keys.length > 0;
const hasHolds = (model: Model) => model.openHolds().length > 0;

const money = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt(0n, 400n) },
  { weight: 2, arbitrary: fc.bigInt(0n, 3_000n) },
  { weight: 1, arbitrary: fc.bigInt(0n, 60_000n) },
);
const some = fc.bigInt(1n, 5_000n);
const index = fc.nat(20);
const reset: fc.Arbitrary<LimitReset | null> = fc.constantFrom(null, ...LIMIT_RESETS);
const limit = fc.option(fc.record({ nano: fc.bigInt(0n, 60_000n), reset }), { freq: 5 });
const fault: fc.Arbitrary<Fault | null> = fc.option(fc.oneof(fc.nat(24), fc.constant("after commit" as const)), {
  freq: 3,
});

const createKey = limit.map((bound) =>
  step(
    `createKey(${say(bound)})`,
    async (model, real) => {
      model.keys.push({ id: await real.createKey(bound), limit: bound });
    },
    (model) => model.keys.length < 4,
  ),
);

const changeLimit = fc.tuple(index, limit).map(([at, bound]) =>
  step(
    `changeLimit(${at}, ${say(bound)})`,
    async (model, real) => {
      const key = pick(model.keys, at);
      key.limit = bound;
      await real.changeKey(key.id, bound);
    },
    hasKeys,
  ),
);

const setBudget = fc
  .tuple(
    fc.constantFrom("account" as const, "instance" as const),
    reset,
    fc.option(fc.bigInt(0n, 90_000n), { freq: 2 }),
  )
  .map(([scope, window, nano]) =>
    step(`setBudget(${scope}, ${window}, ${nano})`, async (model, real) => {
      const budgets = scope === "account" ? model.accountBudgets : model.instanceBudgets;
      if (nano === null) budgets.delete(window);
      else budgets.set(window, nano);
      await real.setBudget(scope, window, nano);
    }),
  );

const setBilling = fc.boolean().map((isPrepaid) =>
  step(`setBilling(${isPrepaid})`, async (model, real) => {
    model.isPrepaid = isPrepaid;
    await real.setBilling(isPrepaid);
  }),
);

const topUp = some.map((nano) =>
  step(`topUp(${nano})`, async (model, real) => {
    await real.topUp(nano);
    model.paidInNano += nano;
  }),
);

const refund = some.map((nano) =>
  step(`refund(${nano})`, async (model, real) => {
    const left = model.paidInNano - model.spent("credit null null") - model.held("credit null null");
    expect(await real.refund(nano)).toBe(nano <= left);
    if (nano <= left) model.paidInNano -= nano;
  }),
);

const reserve = fc.tuple(index, index, money, money, fault).map(([at, process, one, other, failure]) => {
  const [leastNano, wantNano] = one < other ? [one, other] : [other, one];
  return step(
    `reserve(${at}, ${process}, ${wantNano}, ${leastNano}, ${failure})`,
    async (model, real) => {
      const key = pick(model.keys, at);
      const at1 = process % model.processes;
      const expected = model.decide(key, wantNano, leastNano);
      const { requestId, decision } = await real.reserve(key, { process: at1, wantNano, leastNano, failure });
      real.checkDecision(expected, decision, { leastNano, isCertain: !model.hasForeignCharges(key) });
      if (decision.kind === "held")
        model.hold(requestId, key, { grantedNano: decision.hold.grantedNano, process: at1 });
    },
    hasKeys,
  );
});

const onHold = (name: string, act: (hold: ModelHold, model: Model, real: Real) => Promise<void>, at: number) =>
  step(name, (model, real) => act(pick(model.openHolds(), at), model, real), hasHolds);

const settle = fc.tuple(index, money, fault).map(([at, costNano, failure]) =>
  onHold(
    `settle(${at}, ${costNano}, ${failure})`,
    async (hold, model, real) => {
      const chargedNano = model.settle(hold, costNano);
      const outcome = await real.settle(hold, { costNano, failure });
      expect(outcome).toMatchObject({ chargedNano, lossNano: costNano - chargedNano });
    },
    at,
  ),
);

const release = fc.tuple(index, fault).map(([at, failure]) =>
  onHold(
    `release(${at}, ${failure})`,
    async (hold, _, real) => {
      hold.state = "voided";
      await real.release(hold, failure);
    },
    at,
  ),
);

const progress = fc.tuple(index, money).map(([at, costNano]) =>
  onHold(
    `progress(${at}, ${costNano})`,
    async (hold, _, real) => {
      if (costNano > hold.costNano) hold.costNano = costNano;
      real.progress(hold, costNano);
    },
    at,
  ),
);

const pulse = index.map((process) =>
  step(`pulse(${process})`, async (model, real) => {
    const at = process % model.processes;
    await real.pulse(at);
    for (const hold of model.openHolds(at)) hold.markedNano = hold.costNano;
  }),
);

/** Asking under the same id again changes nothing, from whichever process. */
const retry = fc.tuple(index, money).map(([at, wantNano]) =>
  step(
    `retry(${at}, ${wantNano})`,
    async (model, real) => {
      const hold = pick(model.holds, at);
      await real.retry(hold, wantNano);
    },
    (model) => model.holds.some(({ names }) => names.length > 0),
  ),
);

/** Sending a settlement again changes nothing. */
const replay = index.map((at) => step(`replay(${at})`, (_, real) => real.replaySettlement(at)));

const start = fc.constant(
  step(
    "startProcess()",
    async (model, real) => {
      await real.startProcess();
      model.processes++;
    },
    (model) => model.processes < 3,
  ),
);

/** SIGKILL: what was in memory is gone. Somebody else finds out and sees to what is left. */
const crash = index.map((process) =>
  step(`crash(${process})`, async (model, real) => {
    const at = process % model.processes;
    await real.crash(at);
    for (const hold of model.openHolds()) if (hold.process !== at) hold.markedNano = hold.costNano;
    model.bury(at);
  }),
);

const clockJump = fc.oneof(fc.integer({ min: -2 * DAY_MS, max: 40 * DAY_MS }), fc.constantFrom(1, DAY_MS)).map((ms) =>
  step(`clockJump(${ms})`, async (model, real) => {
    model.nowMs += ms;
    real.clock.now += ms;
  }),
);

const revoke = index.map((at) =>
  step(
    `revoke(${at})`,
    async (model, real) => {
      const [key] = model.keys.splice(at % model.keys.length, 1) as [ModelKey];
      await real.revoke(key.id);
    },
    hasKeys,
  ),
);

/** What lies in leases goes back after a second without a call. */
const idle = index.map((process) =>
  step(`idle(${process})`, async (model, real) => {
    const at = process % model.processes;
    await real.idle(at);
    for (const hold of model.openHolds(at)) hold.markedNano = hold.costNano;
  }),
);

const weighted: [number, fc.Arbitrary<Step>][] = [
  [2, createKey],
  [2, changeLimit],
  [2, setBudget],
  [1, setBilling],
  [2, topUp],
  [1, refund],
  [10, reserve],
  [7, settle],
  [2, release],
  [3, progress],
  [3, pulse],
  [2, retry],
  [2, replay],
  [1, start],
  [1, crash],
  [2, clockJump],
  [1, revoke],
  [1, idle],
];

export function steps(maxLength: number): fc.Arbitrary<Iterable<Step>> {
  return fc.commands(
    weighted.flatMap(([weight, arbitrary]) => Array.from({ length: weight }, () => arbitrary)),
    { maxCommands: maxLength, size: "max" },
  );
}

function say(bound: ModelKey["limit"]): string {
  return bound === null ? "null" : `${bound.nano} ${bound.reset}`;
}
