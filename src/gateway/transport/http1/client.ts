/**
 * An HTTP/1.1 client for providers, in place of `fetch`, which reads up to megabytes of an answer that nobody takes:
 * docs/decisions/0014-an-http-client-of-our-own.md.
 *
 * Invariants: a request goes to the address it is given and to no other; no redirect is followed, no proxy used, no
 * cookie kept; a connection belongs to one exchange at a time, and is kept only for the same address, port and name; an
 * answer that could be read in two ways is refused, and its connection is closed.
 * Failure modes: rejects with the system's error (its `code`), TLS's, MalformedAnswer, or KeptConnectionClosed, which
 * says that nothing was answered on a connection that others had used before.
 */
import type { Answer } from "../answer.ts";
import type { StopSignal } from "../stop-signal.ts";
import { Exchange } from "./exchange.ts";
import { requestBytes, type WrittenRequest } from "./request.ts";
import { openWire, type Place, type Wire } from "./wire.ts";

/** Idle connections to one place, and in all. A burst finds this many of its connections again. */
const KEPT_PER_PLACE = 256;
const KEPT_IN_ALL = 4_096;
/** Most servers keep an idle connection for a minute or more; those that close it earlier are heard. */
const KEPT_SECONDS = 60;

export interface HttpRequest extends WrittenRequest {
  place: Place;
  signal: StopSignal;
  /** Opens a connection, whether one is kept or not. */
  isFresh: boolean;
  /** Called when there is a connection. */
  onConnected(): void;
}

export class HttpClient {
  readonly #ca: string | undefined;
  readonly #kept = new Map<string, Wire[]>();
  #keptInAll = 0;

  /** `ca` is trusted, in PEM, beside nobody else; without it whom the system trusts. */
  constructor({ ca }: { ca?: string | undefined } = {}) {
    this.#ca = ca;
  }

  /** The answer once its head is there. Its body fails with the same errors, and with the signal's reason. */
  send(request: HttpRequest): Promise<Answer> {
    const { place, signal, isFresh } = request;
    try {
      const pieces = requestBytes(request);
      throwIfAborted(signal);
      const key = `${place.address} ${place.port} ${place.serverName ?? ""}`;
      const kept = isFresh ? undefined : this.#take(key);
      if (kept !== undefined) return this.#ask(request, pieces, kept);
      return this.#open(place, key, signal).then((wire) => this.#ask(request, pieces, wire));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #ask({ signal, onConnected }: HttpRequest, pieces: readonly Uint8Array[], wire: Wire): Promise<Answer> {
    onConnected();
    wire.uses++;
    const exchange = new Exchange({ wire, signal, onOver: (mayGoOn) => this.#giveBack(wire, mayGoOn) });
    // It may have been aborted since it was last looked at: then there is no connection any more.
    if (!wire.isClosed) wire.write(pieces);
    return exchange.answer;
  }

  #take(key: string): Wire | undefined {
    const kept = this.#kept.get(key);
    const wire = kept?.pop();
    if (wire === undefined) return undefined;
    this.#keptInAll--;
    // Addresses change, and a list for each that there ever was would never end.
    if (kept?.length === 0) this.#kept.delete(key);
    wire.wake();
    return wire;
  }

  #giveBack(wire: Wire, mayGoOn: boolean): void {
    const kept = this.#kept.get(wire.key) ?? [];
    const hasRoom = kept.length < KEPT_PER_PLACE && this.#keptInAll < KEPT_IN_ALL;
    if (!mayGoOn || wire.isClosed || !hasRoom) {
      wire.destroy();
      return;
    }
    wire.onClosed = () => this.#forget(wire);
    wire.resume();
    wire.rest(KEPT_SECONDS);
    kept.push(wire);
    this.#keptInAll++;
    this.#kept.set(wire.key, kept);
  }

  #forget(wire: Wire): void {
    const kept = this.#kept.get(wire.key);
    const at = kept?.indexOf(wire) ?? -1;
    if (kept === undefined || at === -1) return;
    kept.splice(at, 1);
    this.#keptInAll--;
    if (kept.length === 0) this.#kept.delete(wire.key);
  }

  /** A new connection, unless the signal comes first. */
  async #open(place: Place, key: string, signal: StopSignal): Promise<Wire> {
    const { opened, abandon } = openWire(place, { key, ca: this.#ca });
    signal.addEventListener("abort", abandon);
    try {
      const wire = await opened;
      throwIfAborted(signal);
      return wire;
    } finally {
      signal.removeEventListener("abort", abandon);
    }
  }
}

function throwIfAborted({ aborted, reason }: StopSignal): void {
  if (aborted) throw reason;
}
