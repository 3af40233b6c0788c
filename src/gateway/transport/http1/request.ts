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

/** One or two pieces. Throws TypeError for what cannot be written in a head. */
export function requestBytes({ method, path, host, headers, body }: WrittenRequest): Uint8Array[] {
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
  if (method === "POST") head += `content-length: ${body?.length ?? 0}\r\n`;
  head += "\r\n";
  if (body === undefined || body.length > COPIED_BODY_BYTES) {
    return body === undefined ? [Buffer.from(head, "latin1")] : [Buffer.from(head, "latin1"), body];
  }
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, 0, "latin1");
  bytes.set(body, head.length);
  return [bytes];
}
