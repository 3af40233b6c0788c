/** One connection of the provider: requests out of bytes, bytes that the system has really taken. */
import type { Line } from "./play.ts";

export interface RawRequest {
  method: string;
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

const END_OF_HEAD = "\r\n\r\n";

export class Connection implements Line {
  readonly number: number;
  readonly #socket: Bun.Socket<unknown>;
  #received: Buffer = Buffer.alloc(0);
  #unsent: { rest: Uint8Array; resolve(isSent: boolean): void } | null = null;
  isOpen = true;

  constructor(socket: Bun.Socket<unknown>, number: number) {
    this.#socket = socket;
    this.number = number;
  }

  /** Takes bytes; returns the request that became whole, and keeps what came behind it for the next. */
  receive(bytes: Uint8Array): RawRequest | undefined {
    this.#received = this.#received.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#received, bytes]);
    return this.next();
  }

  /** A request that has come already. */
  next(): RawRequest | undefined {
    const end = this.#received.indexOf(END_OF_HEAD);
    if (end === -1) return undefined;
    const [first = "", ...lines] = this.#received.toString("latin1", 0, end).split("\r\n");
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(":");
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const from = end + END_OF_HEAD.length;
    const length = Number(headers["content-length"] ?? 0);
    if (this.#received.length < from + length) return undefined;
    const body = this.#received.subarray(from, from + length);
    this.#received = this.#received.subarray(from + length);
    const [method = "", path = ""] = first.split(" ");
    return { method, path, headers, body };
  }

  write(bytes: Uint8Array): Promise<boolean> {
    if (!this.isOpen) return Promise.resolve(false);
    const taken = Math.max(0, this.#socket.write(bytes));
    if (taken === bytes.length) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#unsent = { rest: bytes.subarray(taken), resolve };
    });
  }

  /** The system has room again. */
  drain(): void {
    const unsent = this.#unsent;
    if (unsent === null) return;
    const taken = Math.max(0, this.#socket.write(unsent.rest));
    unsent.rest = unsent.rest.subarray(taken);
    if (unsent.rest.length > 0) return;
    this.#unsent = null;
    unsent.resolve(true);
  }

  closed(): void {
    this.isOpen = false;
    this.#unsent?.resolve(false);
    this.#unsent = null;
  }

  end(how: "fin" | "rst"): void {
    if (!this.isOpen) return;
    if (how === "rst") this.#socket.terminate();
    else this.#socket.end();
  }
}
