/**
 * Splits Amazon's binary event stream into the text of its events, out of bytes that may be cut anywhere. A message
 * becomes its JSON payload with the name of its kind added as `type`; an exception has the exception's name there, a
 * transport error "error" with `code`.
 *
 * Both checksums of a message are verified; a wrong one, a length that cannot be and a stream that ends inside a message
 * throw, so that a broken stream never looks like a finished one.
 */
import { EventStreamCodec } from "@smithy/eventstream-codec";

/** One message may not be longer than this; Amazon's own bound is 16 MB. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Lengths, checksum of the lengths, checksum of the message. */
const MIN_MESSAGE_BYTES = 16;

export class AwsEventStreamBroken extends Error {
  override readonly name = "AwsEventStreamBroken";
}

type Message = ReturnType<EventStreamCodec["decode"]>;

const utf8 = new TextDecoder("utf-8");
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === "string" ? bytes : utf8.decode(bytes)),
  (text) => new TextEncoder().encode(text),
);

export class AwsEventSplitter {
  /** Pieces of the message under way, joined only once it is whole. */
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** Feeds bytes and returns the text of every event that became complete. Throws AwsEventStreamBroken. */
  push(bytes: Uint8Array): string[] {
    if (bytes.length === 0) return [];
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#length < this.#neededBytes()) return [];
    const rest = Buffer.concat(this.#pieces);
    const events: string[] = [];
    let from = 0;
    while (rest.length - from >= 4) {
      const size = checkedSize(rest.readUInt32BE(from));
      if (rest.length - from < size) break;
      events.push(textOf(decoded(rest.subarray(from, from + size))));
      from += size;
    }
    const left = rest.subarray(from);
    this.#pieces = left.length === 0 ? [] : [left];
    this.#length = left.length;
    return events;
  }

  /** Says that no more bytes come. Throws AwsEventStreamBroken when a message is not whole. */
  end(): string[] {
    if (this.#length > 0) throw new AwsEventStreamBroken("the stream ends inside a message");
    return [];
  }

  /** How many bytes the message under way takes, as far as that can be known. */
  #neededBytes(): number {
    if (this.#length < 4) return 4;
    const [first] = this.#pieces;
    const head = first !== undefined && first.length >= 4 ? first : Buffer.concat(this.#pieces);
    if (head !== first) this.#pieces = [head];
    return checkedSize(new DataView(head.buffer, head.byteOffset).getUint32(0));
  }
}

function checkedSize(size: number): number {
  if (size < MIN_MESSAGE_BYTES || size > MAX_MESSAGE_BYTES) {
    throw new AwsEventStreamBroken(`a message says that it has ${size} bytes`);
  }
  return size;
}

function decoded(bytes: Uint8Array): Message {
  try {
    return codec.decode(bytes);
  } catch (cause) {
    throw new AwsEventStreamBroken("a message cannot be read", { cause });
  }
}

function textOf({ headers, body }: Message): string {
  const header = (name: string): string => {
    const found = headers[name];
    return found?.type === "string" ? found.value : "";
  };
  if (header(":message-type") === "error") {
    return JSON.stringify({ type: "error", code: header(":error-code"), message: header(":error-message") });
  }
  const type = JSON.stringify(header(":event-type") || header(":exception-type"));
  const payload = utf8.decode(body).trim();
  if (payload === "") return `{"type":${type}}`;
  // The name goes last, so that no field of the payload can stand for it; what is no object stays as it is, unreadable.
  if (!payload.startsWith("{") || !payload.endsWith("}")) return payload;
  const fields = payload.slice(1, -1).trim();
  return fields === "" ? `{"type":${type}}` : `{${fields},"type":${type}}`;
}
