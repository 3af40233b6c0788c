/**
 * One connection to a provider: TCP, and TLS on it where the provider has that.
 *
 * Invariants: nothing is written before the certificate has been checked for the name; a connection that is waited for
 * and no longer wanted is closed as soon as it is there; what is paused is not read from the system. Bun sets TCP_NODELAY
 * on each connection that it opens or takes.
 */

export interface Place {
  /** By number. */
  address: string;
  port: number;
  /** For whom its certificate must be; null for a connection without TLS. */
  serverName: string | null;
}

/** Whoever uses the connection at the moment. */
export interface WireUser {
  onBytes(bytes: Buffer): void;
  /** The other side has said its last. */
  onEnd(): void;
  onClosed(error: Error): void;
}

/** Between two messages, so that a connection which has died is noticed though nobody writes. */
const KEEP_ALIVE_MS = 30_000;
const CLOSED = Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });

export class Wire {
  user: WireUser | null = null;
  /** How many requests it has carried. */
  uses = 0;
  readonly key: string;
  readonly #socket: Bun.Socket<Opening>;
  #isPaused = false;
  #isClosed = false;
  #unwritten: Uint8Array[] = [];

  constructor(socket: Bun.Socket<Opening>, key: string) {
    this.#socket = socket;
    this.key = key;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get hasWritten(): boolean {
    return this.#unwritten.length === 0;
  }

  write(pieces: readonly Uint8Array[]): void {
    this.#unwritten.push(...pieces);
    this.flush();
  }

  /** Writes what the system takes of what is left. */
  flush(): void {
    for (let piece = this.#unwritten[0]; piece !== undefined; piece = this.#unwritten[0]) {
      const written = Math.max(0, this.#socket.write(piece));
      if (written < piece.length) {
        this.#unwritten[0] = piece.subarray(written);
        return;
      }
      this.#unwritten.shift();
    }
  }

  pause(): void {
    if (this.#isPaused || this.#isClosed) return;
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused || this.#isClosed) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  /** Nobody uses it now: it keeps no process alive, and closes by itself. */
  rest(seconds: number): void {
    this.user = null;
    this.#socket.timeout(seconds);
    this.#socket.unref();
  }

  wake(): void {
    this.#socket.timeout(0);
    this.#socket.ref();
  }

  /** Ends it at once. The user hears nothing more. */
  destroy(): void {
    this.user = null;
    if (this.#isClosed) return;
    this.closed(CLOSED);
    this.#socket.terminate();
  }

  /** Called once by the socket, or by `destroy`. */
  closed(error: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unwritten = [];
    const { user } = this;
    this.user = null;
    this.onClosed();
    user?.onClosed(error);
  }

  /** For whoever keeps connections. */
  onClosed: () => void = () => {};
}

/** What a socket belongs to while it is being opened and afterwards. */
interface Opening {
  key: string;
  wire: Wire | null;
  isAbandoned: boolean;
  isSecure: boolean;
  opened: PromiseWithResolvers<Wire>;
}

const handler: Bun.SocketHandler<Opening> = {
  open: (socket) => {
    if (socket.data.isAbandoned) socket.terminate();
    else if (!socket.data.isSecure) ready(socket);
  },
  handshake: (socket, isTrusted, error) => {
    if (isTrusted && !socket.data.isAbandoned) return ready(socket);
    socket.data.opened.reject(error ?? CLOSED);
    socket.terminate();
  },
  data: ({ data: { wire } }, bytes) => {
    // Nobody has asked for anything: whatever it is, nobody may get it as an answer.
    if (wire?.user) wire.user.onBytes(bytes);
    else wire?.destroy();
  },
  drain: ({ data }) => data.wire?.flush(),
  end: ({ data: { wire } }) => {
    if (wire?.user) wire.user.onEnd();
    wire?.destroy();
  },
  timeout: ({ data }) => data.wire?.destroy(),
  close: ({ data: { wire, opened } }, error) => {
    opened.reject(error ?? CLOSED);
    wire?.closed(error ?? CLOSED);
  },
  error: (socket, error) => {
    socket.data.opened.reject(error);
    socket.data.wire?.closed(error);
    socket.terminate();
  },
  connectError: ({ data }, error) => data.opened.reject(error),
};

function ready(socket: Bun.Socket<Opening>): void {
  const wire = new Wire(socket, socket.data.key);
  socket.data.wire = wire;
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.data.opened.resolve(wire);
}

/** Rejects with the system's or TLS's error. `abandon` may be called at any time, and leaves nothing behind. */
export function openWire(
  { address, port, serverName }: Place,
  { key, ca }: { key: string; ca: string | undefined },
): { opened: Promise<Wire>; abandon(): void } {
  const tls = serverName === null ? null : { serverName, ...(ca && { ca }) };
  const data: Opening = {
    ...{ key, wire: null, isAbandoned: false, isSecure: tls !== null },
    opened: Promise.withResolvers<Wire>(),
  };
  const connecting = Bun.connect({ hostname: address, port, data, socket: handler, ...(tls && { tls }) });
  connecting.catch((error) => data.opened.reject(error));
  const abandon = () => {
    data.isAbandoned = true;
    data.wire?.destroy();
    data.opened.reject(CLOSED);
    void connecting.then(
      (socket) => socket.terminate(),
      () => {},
    );
  };
  return { opened: data.opened.promise, abandon };
}
