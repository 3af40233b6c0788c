/** Budgets at the terminal: of the whole instance, or of an account. Whoever has the terminal sets what its owner sets. */
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import { BUDGET_RESETS } from "../../control/budgets/budget-administration.ts";
import { greaterOf, type NanoUsd, usdString } from "../../kernel/money.ts";
import {
  type BillingMode,
  type BudgetOwner,
  type BudgetState,
  createBudgetStore,
} from "../../storage/stores/budgets.ts";
import { requireAccount } from "../accounts.ts";
import { type Command, type CommandInput, type Option, textOption } from "../command.ts";
import { exitCodes, usageError } from "../exit.ts";
import { limitOption } from "../key-options.ts";
import { budgetAdministrationOf, withStorage } from "../storage.ts";
import { table } from "../terminal.ts";

const limits = Object.fromEntries(
  Object.keys(BUDGET_RESETS).map((name): [string, Option] => [
    name,
    { type: "string", placeholder: "<usd>", summary: `The ${name} budget; "none" for none` },
  ]),
);

export const setBudgetsCommand: Command = {
  words: ["budgets", "set"],
  summary: "Bound the whole instance or an account",
  positionals: ["email?"],
  options: {
    ...limits,
    prepaid: { type: "boolean", summary: "The account pays from its credit, and is refused when that is used up" },
    unmetered: { type: "boolean", summary: "The account pays nothing in advance" },
  },
  examples: [
    { line: "budgets set --monthly 200", meaning: "The whole instance may spend 200 USD a month" },
    { line: "budgets set siti@example.com --daily 5 --total none", meaning: "Siti may spend 5 USD a day" },
    { line: "budgets set siti@example.com --prepaid", meaning: "Siti spends what was paid in for her" },
  ],
  takesSettings: true,
  run: async (input) => {
    const changes = changesOf(input);
    const { prepaid, unmetered } = input.options;
    if (prepaid === true && unmetered === true) throw usageError("An account is prepaid or unmetered, not both.");
    const pays: BillingMode | null = prepaid === true ? "prepaid" : unmetered === true ? "unmetered" : null;
    const [email] = input.positionals;
    if (email === undefined && pays !== null)
      throw usageError(
        "Name the account that is to pay in advance.",
        "For example: gapura budgets set siti@example.com --prepaid",
      );
    if (changes.length === 0 && pays === null)
      throw usageError(
        "Nothing to change was named.",
        "Add --total, --daily, --weekly, --monthly, --prepaid or --unmetered.",
      );
    const config = input.config();
    await withStorage(config, async (storage) => {
      const owner = await ownerOf(storage, email);
      const set = { setBy: "owner" as const, limits: Object.fromEntries(changes), billing: pays ?? undefined };
      await budgetAdministrationOf(config, storage).change(CLI_ACTOR, owner, set);
      if (pays !== null)
        input.terminal.note(pays === "prepaid" ? "The account pays in advance now." : "The account is unmetered now.");
      show(input, await createBudgetStore(storage.db).states(owner.scope, [owner.ownerId], storage.clock.nowMs()));
    });
    return exitCodes.ok;
  },
};

export const showBudgetsCommand: Command = {
  words: ["budgets", "show"],
  summary: "Show budgets with what is used of them",
  positionals: ["email?"],
  options: {},
  examples: [
    { line: "budgets show", meaning: "Those of the whole instance" },
    { line: "budgets show siti@example.com --json", meaning: "Those of an account, for a program" },
  ],
  takesSettings: true,
  run: async (input) => {
    await withStorage(input.config(), async (storage) => {
      const { scope, ownerId } = await ownerOf(storage, input.positionals[0]);
      show(input, await createBudgetStore(storage.db).states(scope, [ownerId], storage.clock.nowMs()));
    });
    return exitCodes.ok;
  },
};

async function ownerOf(storage: Parameters<typeof requireAccount>[0], email: string | undefined): Promise<BudgetOwner> {
  if (email === undefined) return { scope: "instance", ownerId: "" };
  return { scope: "account", ownerId: (await requireAccount(storage, email)).id };
}

function changesOf(input: CommandInput): [string, NanoUsd | null][] {
  return Object.keys(BUDGET_RESETS).flatMap((name): [string, NanoUsd | null][] => {
    const text = textOption(input, name);
    if (text === undefined) return [];
    const nano = limitOption({ ...input, options: { limit: text } }, `--${name}`);
    return [[name, nano ?? null]];
  });
}

function show({ json, terminal }: CommandInput, states: readonly BudgetState[]): void {
  const rows = states.map(({ reset, limitNano, ownerNano, selfNano, spentNano, heldNano }) => ({
    reset: reset ?? "total",
    limitUsd: usdString(limitNano),
    ownerLimitUsd: ownerNano === null ? null : usdString(ownerNano),
    selfLimitUsd: selfNano === null ? null : usdString(selfNano),
    spentUsd: usdString(spentNano),
    heldUsd: usdString(heldNano),
    leftUsd: usdString(greaterOf(limitNano - spentNano - heldNano, 0n)),
  }));
  if (json) {
    terminal.out(JSON.stringify(rows));
    return;
  }
  if (rows.length === 0) {
    terminal.note("No budget is set.");
    return;
  }
  const head = ["BUDGET", "LIMIT", "SPENT", "HELD", "LEFT"];
  const lines = rows.map((row) => [row.reset, row.limitUsd, row.spentUsd, row.heldUsd, row.leftUsd]);
  const [headLine = "", ...others] = table([head, ...lines]);
  terminal.out(terminal.paint(headLine, "dim"));
  for (const line of others) terminal.out(line);
}
