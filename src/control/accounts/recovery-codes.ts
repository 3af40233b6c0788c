/** Recovery codes: sixteen characters, 80 random bits, so that a plain hash of one tells nothing. */
import { createHash, randomBytes } from "node:crypto";

/** Crockford's: without the letters that are taken for digits. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const HOW_MANY = 10;
const LENGTH = 16;

export function newRecoveryCodes(): string[] {
  return Array.from({ length: HOW_MANY }, newCode);
}

/** SHA-256 of a code however it was typed: spaces, dashes, capitals and look-alikes make no difference. */
export function hashRecoveryCode(typed: string): string {
  const plain = typed
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replaceAll("o", "0")
    .replace(/[il]/g, "1");
  return createHash("sha256").update(plain).digest("hex");
}

function newCode(): string {
  // 32 characters divide a byte evenly.
  const characters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
  return characters.replace(/.{4}(?=.)/g, "$&-");
}
