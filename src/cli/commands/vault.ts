/** Upkeep of the keys that seal the providers' keys in the database. Both commands work beside a running server. */
import { existsSync } from "node:fs";
import { addKeyToFile, createKeyFile, keyFileOf, keyRingSource, usesKeyFile } from "../../config/encryption-keys.ts";
import type { Config } from "../../config/schema.ts";
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import { createProviderKeyStore, type ProviderKeyStore, unreadable } from "../../storage/stores/provider-keys.ts";
import type { Command, CommandInput } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";
import { auditOf, withStorage } from "../storage.ts";

const VAULT = { kind: "vault", id: null };

export const rotateCommand: Command = {
  words: ["vault", "rotate"],
  summary: "Seal the providers' keys with a new encryption key, while the server runs",
  positionals: [],
  options: {},
  examples: [
    { line: "vault rotate", meaning: "A new key in the data folder, and every stored provider key under it" },
    { line: "vault rotate --json", meaning: "With ENCRYPTION_KEYS=new,old: everything under the first of them" },
  ],
  takesSettings: true,
  run: async ({ config: configInForce, json, terminal }) => {
    const config = configInForce();
    const report = await withStorage(config, async (storage) => {
      const store = createProviderKeyStore(storage.db, keyRingSource(config));
      await addNewKey(config, store);
      const rewrapped = await store.rewrapAll();
      const after = { keyId: rewrapped.keyId, rewrapped: rewrapped.rewrapped, unreadable: rewrapped.unreadable };
      await auditOf(config, storage).record({ actor: CLI_ACTOR, action: "vault.rotate", target: VAULT, after });
      return rewrapped;
    });
    if (json) terminal.out(JSON.stringify(report));
    else terminal.out(`${report.rewrapped} of ${report.total} provider keys are now under the key ${report.keyId}.`);
    if (report.unreadable.length > 0) {
      throw failure(
        `These could not be opened, and were left as they are: ${report.unreadable.join(", ")}.`,
        "Put back the encryption key that they were sealed with; gapura doctor names it.",
      );
    }
    if ((keyRingSource(config)()?.keys.length ?? 0) < 2) return exitCodes.ok;
    const place = usesKeyFile(config) ? keyFileOf(config) : "ENCRYPTION_KEYS";
    terminal.note(
      `The older keys in ${place} are needed only for copies of the database that were made until now. Take them away when no such copy is kept.`,
    );
    return exitCodes.ok;
  },
};

/**
 * Keys of the environment are the operator's to make. In the file, a rotation that was stopped half-way is finished
 * with the key that it had made.
 */
async function addNewKey(config: Config, store: ProviderKeyStore): Promise<void> {
  if (!usesKeyFile(config)) {
    if (config.encryptionKeys === null) throw withoutKey();
    return;
  }
  const rows = await store.list();
  if (!existsSync(keyFileOf(config))) {
    if (rows.length === 0) return createKeyFile(config);
    throw failure(
      `The file ${keyFileOf(config)} is not there, and ${rows.length} provider keys are sealed with what it held.`,
      "Put back the copy that was kept, or set ENCRYPTION_KEY.",
    );
  }
  const currentId = keyRingSource(config)()?.currentId;
  if (rows.every((row) => row.kek_id === currentId)) addKeyToFile(config);
}

export const discardCommand: Command = {
  words: ["vault", "discard"],
  summary: "Remove the providers whose keys no known encryption key opens",
  positionals: [],
  options: { yes: { type: "boolean", summary: "Do not ask" } },
  examples: [{ line: "vault discard", meaning: "When the encryption key is lost: then their keys are typed again" }],
  takesSettings: true,
  run: async (input) => {
    const config = input.config();
    const { json, terminal } = input;
    const discarded = await withStorage(config, async (storage) => {
      const ring = keyRingSource(config);
      const store = createProviderKeyStore(storage.db, ring);
      const lost = unreadable(await store.list(), ring());
      if (lost.length > 0) await confirm(input, lost.map(({ slug }) => slug).join(", "));
      const gone = await store.discard(lost);
      const before = { providers: gone };
      const audit = auditOf(config, storage);
      if (gone.length > 0) await audit.record({ actor: CLI_ACTOR, action: "vault.discard", target: VAULT, before });
      return gone;
    });
    if (json) terminal.out(JSON.stringify({ discarded }));
    else if (discarded.length === 0) terminal.out("Every stored provider key opens; nothing was removed.");
    else terminal.out(`Removed: ${discarded.join(", ")}. Their keys can be typed again on the Providers page.`);
    return exitCodes.ok;
  },
};

/** A forgotten ENCRYPTION_KEY looks the same as a lost one. */
async function confirm({ options, terminal }: CommandInput, slugs: string): Promise<void> {
  if (options.yes === true) return;
  if (!terminal.isInteractive) {
    throw usageError(
      `The keys of these providers do not open: ${slugs}.`,
      "If ENCRYPTION_KEY is only missing here, set it. Add --yes to remove them for good.",
    );
  }
  const answer = await terminal.ask(`Remove ${slugs} for good? Type yes: `);
  if (answer.toLowerCase() !== "yes") throw failure("Nothing was removed.");
}

function withoutKey() {
  return failure(
    "There is no encryption key. With PostgreSQL it has to be given.",
    "Set ENCRYPTION_KEY to what openssl rand -base64 32 prints, the same on every node.",
  );
}
