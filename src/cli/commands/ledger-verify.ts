/** Checks that the books of budgets and credit are whole. Reads only, beside a running server or without one. */
import { chargeBreaches } from "../../control/ledger/charge-check.ts";
import { verifyLedger } from "../../storage/ledger/verify/verify.ts";
import type { Command } from "../command.ts";
import { exitCodes } from "../exit.ts";
import { withStorage } from "../storage.ts";

export const verifyLedgerCommand: Command = {
  words: ["ledger", "verify"],
  summary: "Check every record, limit and movement of money against each other",
  positionals: [],
  options: {},
  examples: [
    { line: "ledger verify", meaning: "Exit code 1 and a line for everything that does not add up" },
    { line: "ledger verify --json", meaning: "The same for a program" },
  ],
  takesSettings: true,
  run: async ({ config, json, terminal }) => {
    const breaches = await withStorage(config(), async (storage) => [
      ...(await verifyLedger(storage, true)).breaches,
      ...(await chargeBreaches(storage.db)),
    ]);
    if (json) terminal.out(JSON.stringify({ breaches }));
    else if (breaches.length === 0) terminal.out("Every record, limit and movement adds up.");
    else for (const { invariant, text } of breaches) terminal.out(`${invariant}: ${text}`);
    return breaches.length === 0 ? exitCodes.ok : exitCodes.failure;
  },
};
