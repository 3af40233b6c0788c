/**
 * Where the key-encryption keys come from: the configuration, or a file in the data folder of an embedded instance.
 *
 * Invariants: a key is durable in the file before anything is sealed with it; keys are only ever added at the end, so
 * that two processes which change the key at once lose neither's; with PostgreSQL no file is made, since every node
 * would make its own.
 * Failure modes: `KeyFileError`, a sentence for the operator, when the file holds something that is no key.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KeyRing, newWrappingKeyText, type WrappingKey, wrappingKeyFrom } from "../kernel/envelope.ts";
import type { Config } from "./schema.ts";
import { appendToSecretFile, createSecretFile } from "./secret-file.ts";

export const KEY_FILE = "encryption.keys";

const HEADER =
  "# What seals the provider keys in the database beside it: one key a line, the last one seals, all of them open.\n" +
  "# Keep a copy of this file apart from the copies of the database. Without it, those keys are lost.\n";

/** The keys as they are known at this moment; null when there are none. Throws KeyFileError. */
export type KeyRingSource = () => KeyRing | null;

type KeyConfig = Pick<Config, "encryptionKeys" | "dataDir" | "databaseUrl">;

export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
}

/** The file is read each time: it is small, seldom asked for, and may have been added to by the command line. */
export function keyRingSource(config: KeyConfig): KeyRingSource {
  const { encryptionKeys } = config;
  if (encryptionKeys !== null) {
    const ring = new KeyRing(encryptionKeys);
    return () => ring;
  }
  return usesKeyFile(config) ? () => readKeyFile(keyFileOf(config)) : () => null;
}

export function usesKeyFile({ encryptionKeys, databaseUrl }: KeyConfig): boolean {
  return encryptionKeys === null && databaseUrl === null;
}

export function keyFileOf({ dataDir }: Pick<Config, "dataDir">): string {
  return join(dataDir, KEY_FILE);
}

/** Makes the file with a first key unless it is there. Only where nothing is sealed yet. */
export function createKeyFile(config: Pick<Config, "dataDir">): void {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  createSecretFile(keyFileOf(config), `${HEADER}${newWrappingKeyText()}\n`);
}

/** A new key, which seals from now on. */
export function addKeyToFile(config: Pick<Config, "dataDir">): void {
  appendToSecretFile(keyFileOf(config), `${newWrappingKeyText()}\n`);
}

function readKeyFile(file: string): KeyRing | null {
  if (!existsSync(file)) return null;
  // What follows the last line break is a line that another process is still writing.
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  const keys: WrappingKey[] = [];
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    const key = wrappingKeyFrom(text);
    if (key === undefined) {
      throw new KeyFileError(
        `Line ${index + 1} of ${file} is no encryption key. Put back the copy of this file that was kept, or mend the line.`,
      );
    }
    if (!keys.some(({ id }) => id === key.id)) keys.unshift(key);
  }
  const [current, ...older] = keys;
  if (current === undefined)
    throw new KeyFileError(`${file} holds no encryption key. Put back the copy that was kept.`);
  return new KeyRing([current, ...older]);
}
