import { randomBytes } from "node:crypto";

const SUPPLY_BYTES = 4096;
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `length` characters of base62, each uniform: bytes above the last multiple of 62 are thrown away, not folded. */
export function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    const byte = randomByte();
    if (byte < 248) text += BASE62[byte % 62];
  }
  return text;
}

/** Asking the system for random bytes costs more than using them, so they are fetched in a supply. */
let supply = Buffer.alloc(0);
let used = 0;

/** Every byte is given out once and wiped. */
function randomByte(): number {
  if (used === supply.length) {
    supply = randomBytes(SUPPLY_BYTES);
    used = 0;
  }
  const byte = supply[used] ?? 0;
  supply[used++] = 0;
  return byte;
}

/** As much of `randomBase62` as a hundred ids take: cutting them from one text costs a tenth of writing each. */
const ID_SUPPLY_LENGTH = 4_096;
let idSupply = "";
let idUsed = 0;

/** For what is no secret. */
function randomIdText(length: number): string {
  if (idUsed + length > idSupply.length) {
    idSupply = randomBase62(ID_SUPPLY_LENGTH);
    idUsed = 0;
  }
  idUsed += length;
  return idSupply.slice(idUsed - length, idUsed);
}

/** A 32-bit unsigned number as six base62 characters, padded with zeros at the left. */
export function base62OfUint32(value: number): string {
  let rest = value >>> 0;
  let text = "";
  for (let place = 0; place < 6; place++) {
    text = BASE62[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** A row id that sorts by its time of making: `prefix_` + UUIDv7 without dashes. */
export function newId(prefix: string): string {
  return `${prefix}_${Bun.randomUUIDv7("hex").replaceAll("-", "")}`;
}

/** The id of one generation, in the form OpenRouter's clients know: `gen-<unix seconds>-<20 characters>`. */
export function newGenerationId(nowMs: number): string {
  return `gen-${Math.floor(nowMs / 1000)}-${randomIdText(20)}`;
}

/** The id of one HTTP request, for logs and support: `req_` + 24 characters. */
export function newRequestId(): string {
  return `req_${randomIdText(24)}`;
}
