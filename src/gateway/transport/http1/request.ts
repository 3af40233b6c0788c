/** The bytes of a request. */

export interface WrittenRequest {
  method: "GET" | "POST";
  /** Path and query, as a URL writes them. */
  path: string;
  /** Name and, where it is not the usual one, port. */
  host: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array | undefined;
}

/** Beyond this a body is written by itself instead of being copied behind its head. */
const COPIED_BODY_BYTES = 64 * 1024;
const PATH = /^\/[\x21-\x7e]*$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What is a byte each and does not steer. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** What belongs to the connection is said here alone. */
const OURS = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "expect",
  "upgrade",
  "te",
  "trailer",
]);

/** Heads of headers that are used again and again, which is why they are frozen: all but the length of the body. */
const heads = new WeakMap<object, { method: string; path: string; host: string; head: string }>();

/** One or two pieces. Throws TypeError for what cannot be written in a head. */
export function requestBytes(request: WrittenRequest): Uint8Array[] {
  const { method, body } = request;
  const length = method === "POST" ? `content-length: ${body?.length ?? 0}\r\n` : "";
  const head = `${headOf(request)}${length}\r\n`;
  if (body === undefined || body.length > COPIED_BODY_BYTES) {
    return body === undefined ? [Buffer.from(head, "latin1")] : [Buffer.from(head, "latin1"), body];
  }
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, 0, "latin1");
  bytes.set(body, head.length);
  return [bytes];
}

function headOf(request: WrittenRequest): string {
  const { method, path, host, headers } = request;
  const known = heads.get(headers);
  if (known?.path === path && known.host === host && known.method === method) return known.head;
  const head = writtenHead(request);
  if (Object.isFrozen(headers)) heads.set(headers, { method, path, host, head });
  return head;
}

function writtenHead({ method, path, host, headers }: WrittenRequest): string {
  if (!PATH.test(path) || !VALUE.test(host)) throw new TypeError("the address cannot be written in a request");
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  let names = "\n";
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (OURS.has(lower)) continue;
    if (!NAME.test(name) || !VALUE.test(value)) throw new TypeError(`the header ${name} cannot be written`);
    names += `${lower}\n`;
    head += `${name}: ${value}\r\n`;
  }
  if (!names.includes("\naccept\n")) head += "accept: */*\r\n";
  if (!names.includes("\nuser-agent\n")) head += "user-agent: gapura\r\n";
  return head;
}
