/**
 * Envelope encryption for what must be kept and never be read in a stolen database.
 *
 * Every record has a random data key of its own. The data key encrypts the record; a key-encryption key, which stands
 * in no database, wraps the data key. Both are AES-256-GCM with fresh random nonces. Both are bound to a `Binding`
 * (which row, whose, for which origin), so that a ciphertext put into another row, or a row pointed at another host,
 * does not open. To change the key-encryption key only the wrapped data keys are written anew (`rewrap`).
 *
 * Failure modes: `EnvelopeError`, as `unknown-key` when no known key made it, or `damaged` for everything that does not
 * authenticate. Neither says anything about the content.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { inspect } from "node:util";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 6;
const CIPHER = "aes-256-gcm";
/** Part of everything that is authenticated: a later format can never be taken for this one. */
const FORMAT = "gapura-envelope-1";

/** What a record belongs to. Every part is authenticated; none is stored in it. */
export type Binding = readonly string[];

/** A record as it is kept; all three are text. */
export interface Sealed {
  /** Which key-encryption key wraps the data key. */
  keyId: string;
  /** The data key: nonce, ciphertext and tag in base64. */
  wrappedKey: string;
  /** The content: nonce, ciphertext and tag in base64. */
  sealed: string;
}

export class EnvelopeError extends Error {
  override readonly name = "EnvelopeError";
  readonly kind: "unknown-key" | "damaged";

  constructor(kind: "unknown-key" | "damaged", message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A key-encryption key. Printing, logging or serialising it shows its id alone. */
export class WrappingKey {
  /** Derived from the key, so that nobody has to give names: equal keys have equal ids. */
  readonly id: string;
  readonly #key: Buffer;

  /** `bytes` are 32 random bytes, of which only derived keys are used. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== KEY_BYTES) throw new Error("a key-encryption key has 32 bytes");
    this.id = derived(bytes, "id", ID_BYTES).toString("hex");
    this.#key = derived(bytes, "wrap", KEY_BYTES);
  }

  wrap(dataKey: Buffer, binding: Binding): string {
    return encrypt(this.#key, dataKey, wrapContext(this.id, binding));
  }

  /** Throws EnvelopeError. */
  unwrap(wrapped: string, binding: Binding): Buffer {
    return decrypt(this.#key, wrapped, wrapContext(this.id, binding));
  }

  toString(): string {
    return `[encryption key ${this.id}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** 32 bytes in standard base64, exactly as `openssl rand -base64 32` writes them; undefined for everything else. */
export function wrappingKeyFrom(text: string): WrappingKey | undefined {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? new WrappingKey(bytes) : undefined;
}

/** The text of a new key. */
export function newWrappingKeyText(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

/** The keys that an instance knows: the first seals, every one opens. */
export class KeyRing {
  readonly keys: readonly [WrappingKey, ...WrappingKey[]];

  constructor(keys: readonly [WrappingKey, ...WrappingKey[]]) {
    this.keys = keys;
  }

  /** The id of the key that new records are sealed with. */
  get currentId(): string {
    return this.keys[0].id;
  }

  has(keyId: string): boolean {
    return this.keys.some((key) => key.id === keyId);
  }

  seal(content: string, binding: Binding): Sealed {
    const dataKey = randomBytes(KEY_BYTES);
    const [current] = this.keys;
    const sealed = encrypt(dataKey, Buffer.from(content, "utf8"), contentContext(binding));
    const wrappedKey = current.wrap(dataKey, binding);
    dataKey.fill(0);
    return { keyId: current.id, wrappedKey, sealed };
  }

  /** The content. Throws EnvelopeError. */
  open(record: Sealed, binding: Binding): string {
    const dataKey = this.#find(record.keyId).unwrap(record.wrappedKey, binding);
    const content = decrypt(dataKey, record.sealed, contentContext(binding));
    dataKey.fill(0);
    return content.toString("utf8");
  }

  /** The same record under the current key: its content is neither read nor written anew. Throws EnvelopeError. */
  rewrap(record: Sealed, binding: Binding): Sealed {
    const dataKey = this.#find(record.keyId).unwrap(record.wrappedKey, binding);
    const [current] = this.keys;
    const wrappedKey = current.wrap(dataKey, binding);
    dataKey.fill(0);
    return { keyId: current.id, wrappedKey, sealed: record.sealed };
  }

  #find(keyId: string): WrappingKey {
    const found = this.keys.find((key) => key.id === keyId);
    if (found === undefined) throw new EnvelopeError("unknown-key", `the encryption key ${keyId} is not known here`);
    return found;
  }
}

function derived(bytes: Uint8Array, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", bytes, "", `${FORMAT}/${purpose}`, length));
}

/** JSON keeps the parts apart, so that no two bindings have one text. */
function contentContext(binding: Binding): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, "content", ...binding]));
}

function wrapContext(keyId: string, binding: Binding): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, "key", keyId, ...binding]));
}

function encrypt(key: Buffer, content: Buffer, context: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(context);
  const body = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString("base64");
}

function decrypt(key: Buffer, text: string, context: Buffer): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString("base64") !== text) throw damaged();
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(context)
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw damaged();
  }
}

function damaged(): EnvelopeError {
  return new EnvelopeError("damaged", "the record was changed, or belongs to another row or address");
}
