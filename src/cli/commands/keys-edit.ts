/** Changes what a key is called, what it may spend, from where and for which models, and when it ends; one key by its public id. */
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import type { Command } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";
import {
  allowOption,
  capOptions,
  expiryOption,
  keyBoundOptions,
  keyCapOptions,
  limitOption,
  modelsOption,
  nameOption,
  resetOption,
} from "../key-options.ts";
import { keyAdministrationOf, withStorage } from "../storage.ts";
import { findKey, publicIdOf, stillThere } from "./keys-change.ts";

export const editKeyCommand: Command = {
  words: ["keys", "edit"],
  summary: "Change a key's description, limits, allowed addresses, allowed models or last day",
  positionals: ["key id"],
  options: {
    name: { type: "string", placeholder: "<description>", summary: "Its new description" },
    ...keyBoundOptions,
    ...keyCapOptions,
  },
  examples: [
    { line: "keys edit Ab3dE5g7 --limit 20 --reset weekly", meaning: "The key may spend 20 USD a week" },
    { line: "keys edit Ab3dE5g7 --limit none", meaning: "The key has no limit any more" },
    { line: "keys edit Ab3dE5g7 --rpm 60 --parallel 4", meaning: "At most 60 calls a minute, and 4 at the same time" },
    { line: "keys edit Ab3dE5g7 --expires 2027-12-31", meaning: "The key works until the end of 2027" },
    { line: "keys edit Ab3dE5g7 --allow 203.0.113.0/24", meaning: "The key works from this network alone" },
    { line: 'keys edit Ab3dE5g7 --models "openai/*"', meaning: "The key calls the models of OpenAI alone" },
    { line: 'keys edit Ab3dE5g7 --name "Nightly job"', meaning: "The key is called something else" },
  ],
  takesSettings: true,
  run: async (input) => {
    const id = publicIdOf(input.positionals[0] ?? "");
    const nowMs = Date.now();
    const changes = {
      name: nameOption(input),
      limitNano: limitOption(input),
      limitReset: resetOption(input),
      allowedNetworks: allowOption(input),
      allowedModels: modelsOption(input),
      expiresAt: expiryOption(input, nowMs),
    };
    const rateCaps = capOptions(input);
    const isEmpty = Object.values(changes).every((value) => value === undefined) && Object.keys(rateCaps).length === 0;
    if (isEmpty) {
      const hint = "Add --name, --limit, --reset, --rpm, --allow, --models or --expires.";
      throw usageError("Nothing to change was named.", hint);
    }
    const config = input.config();
    await withStorage(config, async (storage) => {
      const found = await findKey(storage.db, id);
      const { limitNano, allowedModels } = changes;
      const isBound = limitNano != null || allowedModels != null || Object.values(rateCaps).some((cap) => cap !== null);
      if (found.kind === "management" && isBound)
        throw failure("A management key calls no models, so it has no limits.");
      const place = { userId: found.user_id, id };
      const keys = keyAdministrationOf(config, storage);
      const changed = await stillThere(keys.change(CLI_ACTOR, place, { ...changes, rateCaps }));
      if (input.json) input.terminal.out(JSON.stringify({ id, name: changed.name, done: "edit" }));
      else input.terminal.out(`The key "${changed.name}" is changed. See: gapura keys list`);
    });
    return exitCodes.ok;
  },
};
