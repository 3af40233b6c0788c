/** Files of the data folder that hold a secret: never half-written under their name, readable by their owner alone. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, unlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes the file unless it is there. Of several processes that do so at once exactly one makes it: the text is written
 * aside and then linked into place, which fails when the name is taken, so nobody reads half a secret.
 */
export function createSecretFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`;
  const handle = openSync(draft, "wx", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
    linkSync(draft, file);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  } finally {
    closeSync(handle);
    unlinkSync(draft);
  }
  syncFolder(file);
}

/** Adds to the end of the file and returns when that is on the disk. */
export function appendToSecretFile(file: string, text: string): void {
  const handle = openSync(file, "a", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(file: string): void {
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
