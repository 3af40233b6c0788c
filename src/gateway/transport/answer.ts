/**
 * What a provider said. A `Response` is such an answer; what came whole is a `WholeAnswer`, because most answers do, and
 * the platform's objects for a head, a body and its text cost more than reading them.
 */
export interface Answer {
  readonly status: number;
  /** True for a status of success. */
  readonly ok: boolean;
  readonly headers: HeaderFields;
  readonly body: ReadableStream<Uint8Array<ArrayBufferLike>> | null;
  text(): Promise<string>;
}

/** The fields of a head by their names, however those are written. */
export interface HeaderFields {
  get(name: string): string | null;
  has(name: string): boolean;
}

/** The fields of one head; one that stands twice is joined with a comma. */
export class Fields implements HeaderFields {
  readonly #values = new Map<string, string>();

  append(name: string, value: string): void {
    const key = name.toLowerCase();
    const before = this.#values.get(key);
    const bare = withoutBlanks(value);
    this.#values.set(key, before === undefined ? bare : `${before}, ${bare}`);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  entries(): [string, string][] {
    return [...this.#values];
  }
}

export class WholeAnswer implements Answer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly bytes: Buffer;
  #body: ReadableStream<Uint8Array> | null | undefined;

  constructor({ status, headers, bytes }: Pick<WholeAnswer, "status" | "headers" | "bytes">) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get body(): ReadableStream<Uint8Array> | null {
    this.#body ??= new Response(new Uint8Array(this.bytes)).body;
    return this.#body;
  }

  /** As the platform reads a text: a mark of the order of bytes at its beginning is no part of it. */
  get wholeText(): string {
    const text = this.bytes.toString("utf8");
    return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  }

  async text(): Promise<string> {
    return this.wholeText;
  }
}

const BYTE_ORDER_MARK = 0xfeff;
const TAB = 0x09;
const SPACE = 0x20;

/** Spaces and tabs around a value are left out, and nothing else that `trim` takes for a space. */
function withoutBlanks(value: string): string {
  let from = 0;
  let to = value.length;
  while (from < to && isBlank(value.charCodeAt(from))) from++;
  while (to > from && isBlank(value.charCodeAt(to - 1))) to--;
  return value.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
