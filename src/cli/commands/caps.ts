/** How fast all keys of an account together may call, at the terminal. Caps of one key are set with `keys edit`. */
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import { createAccountCapsStore, NO_ACCOUNT_CAPS } from "../../storage/stores/account-caps.ts";
import { requireAccount } from "../accounts.ts";
import type { Command, CommandInput } from "../command.ts";
import { exitCodes, usageError } from "../exit.ts";
import { capOptions, keyCapOptions } from "../key-options.ts";
import { budgetAdministrationOf, withStorage } from "../storage.ts";

export const setCapsCommand: Command = {
  words: ["caps", "set"],
  summary: "Bound how fast all keys of an account together may call",
  positionals: ["email"],
  options: keyCapOptions,
  examples: [
    {
      line: "caps set siti@example.com --rpm 120 --parallel 8",
      meaning: "120 calls in any minute, 8 at the same time",
    },
    { line: "caps set siti@example.com --tpm none", meaning: "No cap on tokens any more" },
  ],
  takesSettings: true,
  run: async (input) => {
    const caps = capOptions(input);
    if (Object.keys(caps).length === 0)
      throw usageError("Nothing to change was named.", "Add --rpm, --tpm or --parallel.");
    const config = input.config();
    await withStorage(config, async (storage) => {
      const { id } = await requireAccount(storage, input.positionals[0]);
      const owner = { scope: "account" as const, ownerId: id };
      await budgetAdministrationOf(config, storage).change(CLI_ACTOR, owner, { setBy: "owner", caps });
      await show(input, storage.db, id);
    });
    return exitCodes.ok;
  },
};

export const showCapsCommand: Command = {
  words: ["caps", "show"],
  summary: "Show how fast all keys of an account together may call",
  positionals: ["email"],
  options: {},
  examples: [{ line: "caps show siti@example.com", meaning: "What is set for the account" }],
  takesSettings: true,
  run: async (input) => {
    await withStorage(input.config(), async (storage) => {
      const { id } = await requireAccount(storage, input.positionals[0]);
      await show(input, storage.db, id);
    });
    return exitCodes.ok;
  },
};

async function show(
  { json, terminal }: CommandInput,
  db: Parameters<typeof createAccountCapsStore>[0],
  userId: string,
): Promise<void> {
  const { rpm, tpm, parallel } = (await createAccountCapsStore(db).of([userId])).get(userId) ?? NO_ACCOUNT_CAPS;
  if (json) {
    terminal.out(JSON.stringify({ rpm, tpm, parallel }));
    return;
  }
  terminal.out(`Requests in any minute: ${rpm ?? "no cap"}`);
  terminal.out(`Tokens in any minute:   ${tpm ?? "no cap"}`);
  terminal.out(`Calls at the same time: ${parallel ?? "no cap"}`);
}
