/**
 * Finds out about connections that do not come about. `fetch` says nothing of the moment in which it has connected, so
 * a host that drops every packet looks like a model that thinks. Whoever has heard nothing for a while asks here, and
 * then one TCP connection tells: docs/decisions/0010-connect-timeout.md.
 */

/** Resolves when something has accepted a connection, or with false when it was refused; maybe never. */
export type Reaches = (place: Place) => Promise<boolean>;

export interface Place {
  address: string;
  port: number;
}

/** How long a connection may take to come about. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** A host that answers within this part of the time is never asked. */
const ASK_AFTER = 0.6;

export class ConnectWatch {
  readonly connectMs: number;
  /** When to ask. */
  readonly askAfterMs: number;
  readonly #reaches: Reaches;
  readonly #asked = new Map<string, Promise<boolean>>();

  constructor({ reaches, connectMs }: { reaches: Reaches; connectMs: number }) {
    this.#reaches = reaches;
    this.connectMs = connectMs;
    this.askAfterMs = connectMs * ASK_AFTER;
  }

  /** Whether something accepts connections there. Requests that want to know at once ask together. Never rejects. */
  accepts(place: Place): Promise<boolean> {
    const key = `${place.address} ${place.port}`;
    const asked = this.#asked.get(key);
    if (asked) return asked;
    const forget = () => this.#asked.delete(key);
    const asking = Promise.race([this.#reaches(place).catch(() => false), this.#patience()]).finally(forget);
    this.#asked.set(key, asking);
    return asking;
  }

  #patience(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    setTimeout(() => resolve(false), this.connectMs - this.askAfterMs).unref();
    return promise;
  }
}

/** One connection that is closed as soon as it is there. */
export async function listens({ address, port }: Place): Promise<boolean> {
  const socket = await Bun.connect({ hostname: address, port, socket: { data: () => {} } });
  socket.terminate();
  return true;
}
