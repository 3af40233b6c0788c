/**
 * Texts at rest: compressed, then sealed with AES-256-GCM under a key that is derived from the instance's secret. Each
 * is bound to the name it was sealed for, so that a row copied to another place does not open there.
 *
 * Not the envelope of provider keys (kernel/envelope.ts): these texts are many, long and short-lived, so they are
 * compressed, share one key that every instance has, and need no rotation but their retention.
 *
 * Failure modes: what was changed, moved or sealed under another secret does not open; it is null, never an error,
 * because a secret may have been replaced on purpose.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Secret } from "../../kernel/secret.ts";

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
/** What opens may become this long; nothing longer is ever sealed. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

export interface Sealer {
  seal(text: string, name: string): Uint8Array;
  /** Null when it does not open. */
  open(sealed: Uint8Array, name: string): string | null;
}

/** `purpose` keeps the keys of different kinds of text apart. */
export function createSealer(secret: Secret, purpose: string): Sealer {
  const key = Buffer.from(hkdfSync("sha256", secret.reveal(), "", `gapura ${purpose}`, 32));
  return {
    seal: (text, name) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(deflateRawSync(text)), cipher.final()]);
      return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), body]);
    },
    open: (sealed, name) => {
      if (sealed.length < HEADER_BYTES || sealed[0] !== FORMAT) return null;
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(name));
      decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
      try {
        const body = Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
        return inflateRawSync(body, { maxOutputLength: MAX_TEXT_BYTES }).toString("utf8");
      } catch {
        return null;
      }
    },
  };
}
