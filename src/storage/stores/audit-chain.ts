/**
 * What makes the audit log hold together. Each row carries an HMAC over itself and the hash of the row before it, so that
 * a row that was changed, taken away, put in or moved shows. The key is derived from the instance's secret, which stands
 * in no database: whoever has the database alone cannot write a row that fits.
 *
 * What was cut off at the end fits together. It shows against a checkpoint: the length and the last hash, signed, kept
 * elsewhere. A checkpoint can be verified by anybody with the public key.
 */
import { createHmac, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from "node:crypto";
import type { Selectable } from "kysely";
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { AuditTable } from "../schema-safety.ts";

export type AuditRow = Selectable<AuditTable>;

/** The hash before the first row. */
export const BEGINNING = "";

export interface AuditKeys {
  /** Names the key, so that rows of another secret are not taken for false ones. */
  id: string;
  mac: Buffer;
  signing: KeyObject;
  /** For whoever is to verify checkpoints: 32 bytes in base64. */
  publicKey: string;
}

export interface Checkpoint {
  at: number;
  /** How many rows there were. */
  seq: number;
  /** The hash of the last of them. */
  hash: string;
  keyId: string;
  /** Ed25519 over everything else, base64. */
  signature: string;
}

/** PKCS#8 around the 32 bytes of an Ed25519 key. */
const ED25519_HEADER = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_KEY_BYTES = 32;

export function auditKeys(secret: Secret): AuditKeys {
  const derived = (purpose: string, length: number) =>
    Buffer.from(hkdfSync("sha256", secret.reveal(), "", `gapura ${purpose}`, length));
  const der = Buffer.concat([ED25519_HEADER, derived("audit checkpoint", 32)]);
  const signing = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicDer = createPublicKey(signing).export({ format: "der", type: "spki" });
  return {
    id: derived("audit id", 6).toString("hex"),
    mac: derived("audit", 32),
    signing,
    publicKey: publicDer.subarray(-SPKI_KEY_BYTES).toString("base64"),
  };
}

/** The hash of a row behind the row with `previousHash`. JSON keeps the fields apart, so that no two rows have one text. */
export function rowHash({ mac }: AuditKeys, row: Omit<AuditRow, "hash">, previousHash: string): string {
  const { seq, at, actor_kind, actor_id, address, action, target_kind, target_id, before, after, key_id } = row;
  const fields = [previousHash, seq, at, actor_kind, actor_id, address, action, target_kind, target_id];
  return createHmac("sha256", mac)
    .update(JSON.stringify([...fields, before, after, key_id]))
    .digest("hex");
}

export function signCheckpoint(keys: AuditKeys, head: { at: number; seq: number; hash: string }): Checkpoint {
  const checkpoint = { at: head.at, seq: head.seq, hash: head.hash, keyId: keys.id };
  return { ...checkpoint, signature: sign(null, signedText(checkpoint), keys.signing).toString("base64") };
}

export function isSigned(keys: AuditKeys, checkpoint: Checkpoint): boolean {
  const signature = Buffer.from(checkpoint.signature, "base64");
  return verify(null, signedText(checkpoint), createPublicKey(keys.signing), signature);
}

function signedText({ at, seq, hash, keyId }: Omit<Checkpoint, "signature">): Buffer {
  return Buffer.from(JSON.stringify(["gapura audit checkpoint", at, seq, hash, keyId]));
}

/** One line of a file of checkpoints. Undefined for everything else. */
export function readCheckpoint(line: string): Checkpoint | undefined {
  const parsed = parseJson(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const { at, seq, hash, keyId, signature } = parsed.value;
  if (typeof at !== "number" || typeof seq !== "number") return undefined;
  if (typeof hash !== "string" || typeof keyId !== "string" || typeof signature !== "string") return undefined;
  return { at, seq, hash, keyId, signature };
}
