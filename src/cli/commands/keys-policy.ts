/** What the instance demands of every key: shown, and set. */
import { keyPolicyBody } from "../../contract/schemas/key-life.ts";
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import { setKeyPolicy } from "../../control/keys/key-policy.ts";
import { readKeyPolicy } from "../../storage/stores/key-policy.ts";
import { type Command, type CommandInput, textOption } from "../command.ts";
import { exitCodes, usageError } from "../exit.ts";
import { auditOf, withStorage } from "../storage.ts";

export const keyPolicyCommand: Command = {
  words: ["keys", "policy"],
  summary: "Show, or set, how long keys of this instance may live",
  positionals: [],
  options: {
    "max-lifetime": {
      type: "string",
      placeholder: "<days>",
      summary: 'The most days that the secret of a key may live; "none" for no bound',
    },
  },
  examples: [
    { line: "keys policy", meaning: "What is demanded now" },
    {
      line: "keys policy --max-lifetime 90",
      meaning: "Keys made or given another end from now on live 90 days at most",
    },
  ],
  takesSettings: true,
  run: async (input) => {
    const wanted = lifetimeOption(input);
    const config = input.config();
    await withStorage(config, async (storage) => {
      if (wanted !== undefined) await setKeyPolicy(auditOf(config, storage), CLI_ACTOR, wanted);
      const policy = await readKeyPolicy(storage.db);
      const days = policy.maxLifetimeDays;
      if (input.json) input.terminal.out(JSON.stringify(policy));
      else input.terminal.out(days === null ? "Keys may live for ever." : `Keys live ${days} days at most.`);
    });
    return exitCodes.ok;
  },
};

function lifetimeOption(input: CommandInput) {
  const text = textOption(input, "max-lifetime");
  if (text === undefined) return undefined;
  const days = text === "none" ? null : /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  const checked = keyPolicyBody.safeParse({ maxLifetimeDays: days });
  if (checked.success) return checked.data;
  throw usageError(
    "--max-lifetime must be a whole number of days from 1 to 3650, or none.",
    "For example: --max-lifetime 90",
  );
}
