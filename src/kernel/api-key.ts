/**
 * The format of Gapura's API keys.
 *
 *   gpr_  + 8-character public id + 32-character base62 secret + 6-character base62 CRC32   inference
 *   gprm_ + the same                                                                        management
 *
 * The checksum lets a typo, a scanner and a flood of junk be settled without any look-up. It proves nothing about
 * who made the key: that is what the SHA-256 of the whole key, the only thing stored, is for. A fast hash is right
 * here because the secret carries 190 random bits.
 */
import { base62OfUint32, randomBase62 } from "./ids.ts";

export type ApiKeyKind = "inference" | "management";

const PREFIX: Record<ApiKeyKind, string> = { inference: "gpr_", management: "gprm_" };
const SHAPE = /^(gprm?_)([0-9A-Za-z]{8})([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;
export const LONGEST_KEY = PREFIX.management.length + 8 + 32 + 6;

export interface ParsedApiKey {
  kind: ApiKeyKind;
  /** Eight characters that may be shown anywhere; also the middle of the masked label. */
  publicId: string;
}

export interface NewApiKey extends ParsedApiKey {
  /** The whole key. Shown to its owner once and kept nowhere. */
  key: string;
  /** SHA-256 of the whole key, 64 lower-case hex digits: what is stored, and the `hash` of the key API. */
  hash: string;
  /** What lists show instead of the key. */
  label: string;
}

/** Makes a new key; with `publicId` a new secret of the key that has it. */
export function createApiKey(kind: ApiKeyKind, publicId = randomBase62(8)): NewApiKey {
  const body = PREFIX[kind] + publicId + randomBase62(32);
  const key = body + checksum(body);
  return { kind, publicId, key, hash: hashApiKey(key), label: maskApiKey(key) };
}

/** Checks shape and checksum without any look-up. Undefined for anything that Gapura cannot have issued. */
export function parseApiKey(text: string): ParsedApiKey | undefined {
  if (text.length > LONGEST_KEY) return undefined;
  const match = SHAPE.exec(text);
  if (!match) return undefined;
  const [, prefix, publicId] = match;
  if (publicId === undefined || checksum(text.slice(0, -6)) !== text.slice(-6)) return undefined;
  return { kind: prefix === PREFIX.management ? "management" : "inference", publicId };
}

/** SHA-256 of the whole key as 64 lower-case hex digits. */
export function hashApiKey(key: string): string {
  return Bun.SHA256.hash(key, "hex");
}

/** `gpr_Ab3dE5g7...x9Z`: enough to recognise a key, nothing to guess it by. */
export function maskApiKey(key: string): string {
  const prefixEnd = key.indexOf("_") + 1;
  return `${key.slice(0, prefixEnd + 8)}...${key.slice(-3)}`;
}

function checksum(body: string): string {
  return base62OfUint32(Bun.hash.crc32(body));
}
