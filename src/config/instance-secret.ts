/** The secret that signs sessions and mailed links, when the operator has not set one. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "../kernel/secret.ts";
import { createSecretFile } from "./secret-file.ts";

const FILE_NAME = "instance.secret";
const LENGTH_BYTES = 32;
const SHORTEST_SECRET = 32;

/**
 * Reads the secret of the data folder, or makes one; of several processes that start at once exactly one makes it.
 * Throws with a sentence for the operator when the file is there and holds no secret.
 */
export function ensureSecret(dataDir: string): Secret {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, FILE_NAME);
  if (!existsSync(file)) createSecretFile(file, `${randomBytes(LENGTH_BYTES).toString("base64url")}\n`);
  const text = readFileSync(file, "utf8").trim();
  if (text.length < SHORTEST_SECRET) {
    throw new Error(
      `${file} does not hold the instance's secret any more. Restore it from a backup; or delete it, and everybody has to log in again.`,
    );
  }
  return new Secret(text);
}
