/** Credit of accounts at the terminal: pay in, pay back, and see what was moved. */
import { randomUUID } from "node:crypto";
import { aboveZero, usdTextInput } from "../../contract/schemas/limits.ts";
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import { moveCredit } from "../../control/credits/move-credit.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { greaterOf, type NanoUsd, usdString } from "../../kernel/money.ts";
import { type CreditKind, createCreditStore } from "../../storage/ledger/credits.ts";
import { createStatementStore } from "../../storage/ledger/statement.ts";
import { createBudgetStore } from "../../storage/stores/budgets.ts";
import { requireAccount } from "../accounts.ts";
import { type Command, type CommandInput, type Option, textOption } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";
import { auditOf, withStorage } from "../storage.ts";
import { table } from "../terminal.ts";

const note: Option = { type: "string", placeholder: "<text>", summary: "What it was for; stands in the statement" };
const once: Option = {
  type: "string",
  placeholder: "<name>",
  summary: "A name of your own for this one movement: sent again with it, nothing moves twice",
};

export const addCreditsCommand: Command = {
  words: ["credits", "add"],
  summary: "Add credit to an account",
  positionals: ["email", "usd"],
  options: {
    note,
    gift: { type: "boolean", summary: "Credit for which nobody paid" },
    once,
  },
  examples: [
    { line: 'credits add siti@example.com 25 --note "Invoice 7"', meaning: "Siti has paid 25 USD" },
    { line: "credits add siti@example.com 25 --once invoice-7", meaning: "The same for a script that may run twice" },
    { line: "credits add siti@example.com 5 --gift", meaning: "The house gives 5 USD" },
  ],
  takesSettings: true,
  run: (input) => move(input, input.options.gift === true ? "grant" : "top_up"),
};

export const refundCreditsCommand: Command = {
  words: ["credits", "refund"],
  summary: "Pay unused credit of an account back",
  positionals: ["email", "usd"],
  options: { note, once },
  examples: [
    { line: "credits refund siti@example.com 4.5", meaning: "4.5 USD that are neither spent nor held go back" },
    {
      line: "credits refund siti@example.com 4.5 --once refund-3",
      meaning: "The same for a script that may run twice",
    },
  ],
  takesSettings: true,
  run: (input) => move(input, "refund"),
};

async function move(input: CommandInput, kind: CreditKind) {
  const [email, amount = ""] = input.positionals;
  const nano = amountOf(amount);
  const noteText = textOption(input, "note")?.trim() ?? null;
  if (noteText !== null && (noteText.length > 200 || /\p{Cc}/u.test(noteText)))
    throw usageError("--note takes at most 200 characters on one line.");
  const config = input.config();
  await withStorage(config, async (storage) => {
    const account = await requireAccount(storage, email);
    const idempotencyKey = textOption(input, "once") ?? randomUUID();
    const who = { actor: CLI_ACTOR, actorId: null, userId: account.id };
    const order = { ...who, kind, nano, note: noteText, idempotencyKey, nowMs: storage.clock.nowMs() };
    const books = { credits: createCreditStore(storage), audit: auditOf(config, storage) };
    const { moved, isRepeated } = await moveCredit(books, order).catch(sayWhy);
    const balanceUsd = usdString(moved.balanceNano);
    if (input.json) {
      const { transferId: id, createdAtMs: createdAt } = moved;
      const amountUsd = usdString(moved.nano);
      input.terminal.out(
        JSON.stringify({ id, kind, email: account.email, amountUsd, balanceUsd, createdAt, isRepeated }),
      );
      return;
    }
    const done = isRepeated ? "That had been done before; nothing was moved." : DONE[kind];
    input.terminal.out(`${done} ${account.email} has ${balanceUsd} USD.`);
    if ((await createBudgetStore(storage.db).billing(account.id)) === "unmetered") {
      input.terminal.note("The account does not pay in advance, so nothing is taken from it.");
      input.terminal.note(`To change that: gapura budgets set ${account.email} --prepaid`);
    }
  });
  return exitCodes.ok;
}

const DONE: Record<CreditKind, string> = { top_up: "Added.", grant: "Given.", refund: "Paid back." };

function amountOf(text: string): NanoUsd {
  const checked = usdTextInput.refine(...aboveZero).safeParse(text.replace(/^\$/, ""));
  if (checked.success) return checked.data;
  const reason = checked.error.issues[0]?.message ?? "is no amount";
  throw usageError(`The amount ${reason}.`, "For example: gapura credits add siti@example.com 25");
}

function sayWhy(error: unknown): never {
  if (!(error instanceof GapuraError)) throw error;
  if (error.code === "idempotency_key_reused")
    throw failure("That name stands for another movement. Nothing was moved.", "Take a new name with --once.");
  throw failure(error.message);
}

const MOST_ENTRIES = 20;

export const showCreditsCommand: Command = {
  words: ["credits", "show"],
  summary: "Show an account's credit and its last movements",
  positionals: ["email?"],
  options: {},
  examples: [
    { line: "credits show siti@example.com", meaning: "What Siti has, and the last twenty movements" },
    { line: "credits show siti@example.com --json", meaning: "The same for a program" },
  ],
  takesSettings: true,
  run: async (input) => {
    await withStorage(input.config(), async (storage) => {
      const { id, email } = await requireAccount(storage, input.positionals[0]);
      const billing = await createBudgetStore(storage.db).billing(id);
      const [state] = await createCreditStore(storage).states([id]);
      const { boughtNano = 0n, spentNano = 0n, heldNano = 0n } = state ?? {};
      const { entries } = await createStatementStore(storage.db).page(id, { limit: MOST_ENTRIES });
      const credit = {
        email,
        billing,
        boughtUsd: usdString(boughtNano),
        spentUsd: usdString(spentNano),
        heldUsd: usdString(heldNano),
        leftUsd: usdString(greaterOf(boughtNano - spentNano - heldNano, 0n)),
      };
      const rows = entries.map((entry) => ({
        time: new Date(entry.createdAtMs).toISOString(),
        kind: entry.kind,
        amountUsd: usdString(entry.amountNano),
        balanceUsd: usdString(entry.balanceNano),
        note: entry.note,
      }));
      if (input.json) input.terminal.out(JSON.stringify({ ...credit, entries: rows }));
      else print(input, credit, rows);
    });
    return exitCodes.ok;
  },
};

type Row = Record<"time" | "kind" | "amountUsd" | "balanceUsd", string> & { note: string | null };

function print({ terminal }: CommandInput, credit: Record<string, string>, rows: readonly Row[]): void {
  const { email, billing, boughtUsd, spentUsd, heldUsd, leftUsd } = credit;
  terminal.out(`${email}: ${billing}`);
  terminal.out(`Bought ${boughtUsd} USD, spent ${spentUsd}, held ${heldUsd}, left ${leftUsd}.`);
  if (rows.length === 0) return;
  const head = ["TIME", "KIND", "AMOUNT", "BALANCE", "NOTE"];
  const lines = rows.map((row) => [row.time, row.kind, row.amountUsd, row.balanceUsd, row.note ?? ""]);
  const [headLine = "", ...others] = table([head, ...lines]);
  terminal.out("");
  terminal.out(terminal.paint(headLine, "dim"));
  for (const line of others) terminal.out(line);
}
