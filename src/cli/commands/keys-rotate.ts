/** Gives a key a new secret and prints it, alone, on standard output, as `keys create` does; and ends the one before. */
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import { rotationOf } from "../../control/keys/rotation.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { MOST_OVERLAP_SECONDS } from "../../kernel/key-life.ts";
import { type Command, type CommandInput, textOption } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";
import { expiryOption, keyBoundOptions } from "../key-options.ts";
import { keyAdministrationOf, withStorage } from "../storage.ts";
import { findKey, publicIdOf } from "./keys-change.ts";

const SECONDS = { m: 60, h: 3_600, d: 86_400 } as const;

export const rotateKeyCommand: Command = {
  words: ["keys", "rotate"],
  summary: "Give a key a new secret; print it once, alone on standard output",
  positionals: ["key id"],
  options: {
    overlap: {
      type: "string",
      placeholder: "<time>",
      summary: "How long the secret until now goes on working: 30m, 1h, 24h, 7d at most; 0, and without it, not at all",
    },
    ...(keyBoundOptions.expires ? { expires: keyBoundOptions.expires } : {}),
  },
  examples: [
    {
      line: "keys rotate Ab3dE5g7 --overlap 24h",
      meaning: "Both secrets work for a day, then the old one ends by itself",
    },
    { line: "keys rotate Ab3dE5g7", meaning: "The old secret is refused from the next request on" },
  ],
  takesSettings: true,
  run: async (input) => {
    const id = publicIdOf(input.positionals[0] ?? "");
    const overlapSeconds = overlapOption(input);
    const expiresAt = expiryOption(input, Date.now());
    const config = input.config();
    await withStorage(config, async (storage) => {
      const found = await findKey(storage.db, id);
      const nowMs = storage.clock.nowMs();
      const rotation = rotationOf({ key: found, overlapSeconds, expiresAt }, nowMs);
      const keys = keyAdministrationOf(config, storage);
      const { formerEndsAt } = await inWords(keys.rotate(CLI_ACTOR, { userId: found.user_id, id }, rotation));
      const { key, hash, label } = rotation.made;
      const until = new Date(formerEndsAt).toISOString();
      if (input.json) {
        input.terminal.out(JSON.stringify({ key, id, hash, label, name: found.name, formerEndsAt }));
        return;
      }
      input.terminal.note(
        `A new secret for "${found.name}". It is shown this once; keep it safe and share it with nobody.`,
      );
      input.terminal.out(key);
      input.terminal.note(formerEndsAt <= nowMs ? "The old secret has ended." : `The old secret works until ${until}.`);
    });
    return exitCodes.ok;
  },
};

export const endFormerCommand: Command = {
  words: ["keys", "end-former"],
  summary: "End the former secret of a rotated key before its time",
  positionals: ["key id"],
  options: {},
  examples: [{ line: "keys end-former Ab3dE5g7", meaning: "Only the new secret works from now on" }],
  takesSettings: true,
  run: async (input) => {
    const id = publicIdOf(input.positionals[0] ?? "");
    const config = input.config();
    await withStorage(config, async (storage) => {
      const found = await findKey(storage.db, id);
      await inWords(keyAdministrationOf(config, storage).endFormer(CLI_ACTOR, { userId: found.user_id, id }));
      if (input.json) input.terminal.out(JSON.stringify({ id, name: found.name, done: "end-former" }));
      else input.terminal.out(`The former secret of "${found.name}" has ended. The new one goes on working.`);
    });
    return exitCodes.ok;
  },
};

function overlapOption(input: CommandInput): number {
  const text = textOption(input, "overlap") ?? "0";
  if (text === "0") return 0;
  const [, count, unit] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const unitSeconds = unit === "m" || unit === "h" || unit === "d" ? SECONDS[unit] : Number.NaN;
  const seconds = Number(count) * unitSeconds;
  if (seconds <= MOST_OVERLAP_SECONDS) return seconds;
  throw usageError(
    "--overlap must be a number of minutes, hours or days, and 7d at most.",
    "For example: --overlap 24h",
  );
}

/** A refusal of what was asked, in its own words. */
async function inWords<Result>(changing: Promise<Result>): Promise<Result> {
  try {
    return await changing;
  } catch (error) {
    if (error instanceof GapuraError && error.status < 500) throw failure(error.message);
    throw error;
  }
}
