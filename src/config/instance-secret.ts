/** The secret that signs sessions and mailed links, when the operator has not set one. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { Secret } from "../kernel/secret.ts";

const FILE_NAME = "instance.secret";
const LENGTH_BYTES = 32;
const SHORTEST_SECRET = 32;

/**
 * Reads the secret of the data folder, or makes one. Of several processes that start at once exactly one makes it: the
 * text is written aside and then linked into place, which fails when the name is taken, so nobody reads half a secret.
 * Throws with a sentence for the operator when the file is there and holds no secret.
 */
export function ensureSecret(dataDir: string): Secret {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, FILE_NAME);
  if (!existsSync(file)) createSecretFile(file);
  const text = readFileSync(file, "utf8").trim();
  if (text.length < SHORTEST_SECRET) {
    throw new Error(
      `${file} does not hold the instance's secret any more. Restore it from a backup; or delete it, and everybody has to log in again.`,
    );
  }
  return new Secret(text);
}

function createSecretFile(file: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`;
  const handle = openSync(draft, "wx", 0o600);
  try {
    writeSync(handle, `${randomBytes(LENGTH_BYTES).toString("base64url")}\n`);
    fsyncSync(handle);
    linkSync(draft, file);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  } finally {
    closeSync(handle);
    unlinkSync(draft);
  }
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
