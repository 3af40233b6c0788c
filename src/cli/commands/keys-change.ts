/** Disable, enable and delete: one key by its public id, whoever it belongs to. */

import { CLI_ACTOR } from "../../control/audit/actor.ts";
import type { KeyAdministration, KeyPlace } from "../../control/keys/key-administration.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { Db } from "../../storage/open.ts";
import type { Command, CommandInput, Option } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";
import { keyAdministrationOf, withStorage } from "../storage.ts";

interface Change {
  verb: "disable" | "enable" | "delete";
  summary: string;
  meaning: string;
  options?: Record<string, Option>;
  /** Printed when it is done, after the key's name. */
  done: string;
  apply(keys: KeyAdministration, place: KeyPlace): Promise<unknown>;
}

export const disableKeyCommand = changeCommand({
  verb: "disable",
  summary: "Refuse a key until it is enabled again",
  meaning: "The key is refused from the next request on",
  done: "is disabled. Enable it again with: gapura keys enable",
  apply: (keys, place) => keys.change(CLI_ACTOR, place, { disabled: true }),
});

export const enableKeyCommand = changeCommand({
  verb: "enable",
  summary: "Accept a disabled key again",
  meaning: "The key works again",
  done: "is enabled. Its id is",
  apply: (keys, place) => keys.change(CLI_ACTOR, place, { disabled: false }),
});

export const deleteKeyCommand = changeCommand({
  verb: "delete",
  summary: "Delete a key for good",
  meaning: "The key never works again; what it was used for stays in the records",
  options: { yes: { type: "boolean", summary: "Do not ask" } },
  done: "is deleted for good. Its id was",
  apply: (keys, place) => keys.delete(CLI_ACTOR, place),
});

function changeCommand(change: Change): Command {
  return {
    words: ["keys", change.verb],
    summary: change.summary,
    positionals: ["key id"],
    options: change.options ?? {},
    examples: [{ line: `keys ${change.verb} Ab3dE5g7`, meaning: change.meaning }],
    takesSettings: true,
    run: async (input) => {
      const id = publicIdOf(input.positionals[0] ?? "");
      const config = input.config();
      await withStorage(config, async (storage) => {
        const found = await findKey(storage.db, id);
        if (change.verb === "delete") await confirm(input, found.name);
        await stillThere(change.apply(keyAdministrationOf(config, storage), { userId: found.user_id, id }));
        if (input.json) input.terminal.out(JSON.stringify({ id, name: found.name, done: change.verb }));
        else input.terminal.out(`The key "${found.name}" ${change.done} ${id}`);
      });
      return exitCodes.ok;
    },
  };
}

/** Says in words that a key which was found a moment ago is gone. */
export async function stillThere<Result>(changing: Promise<Result>): Promise<Result> {
  try {
    return await changing;
  } catch (error) {
    if (error instanceof GapuraError && error.code === "resource_not_found")
      throw failure("The key was deleted a moment ago.");
    throw error;
  }
}

/** The id itself, or the id inside a label such as `gpr_Ab3dE5g7...x9Z`. A whole key is refused: shells keep histories. */
export function publicIdOf(text: string): string {
  const id = /^(?:gprm?_)?([0-9A-Za-z]{8})(?:\.\.\.[0-9A-Za-z]{3})?$/.exec(text)?.[1];
  if (id !== undefined) return id;
  throw usageError(
    "This is not the id of a key. An id has eight letters and digits and stands in the first column of the list.",
    "See: gapura keys list",
  );
}

export async function findKey(
  db: Db,
  id: string,
): Promise<{ id: string; user_id: string; name: string; kind: string; disabled_at: number | null }> {
  const row = await db
    .selectFrom("api_key")
    .select(["id", "user_id", "name", "kind", "disabled_at"])
    .where("id", "=", id)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (row === undefined) throw failure(`There is no key with the id ${id}.`, "See: gapura keys list");
  return row;
}

async function confirm({ options, terminal }: CommandInput, name: string): Promise<void> {
  if (options.yes === true) return;
  if (!terminal.isInteractive) throw usageError("Nobody is here to confirm.", "Add --yes to delete without asking.");
  const answer = await terminal.ask(`Delete the key "${name}" for good? Type yes: `);
  if (answer.toLowerCase() !== "yes") throw failure("Nothing was deleted.");
}
