/**
 * Sums up what keys were used for, until somebody takes it: the first step of watching, and the only one that a request
 * pays for. What is kept is the network and the program, never the address.
 *
 * Invariants: bounded in keys and in what is told apart for each; no dollar and no call of a key that may call is left out,
 * whatever is not told apart.
 */
import { networkOf, programOf } from "./network.ts";
import type { Refusal, Sample, Use } from "./sample.ts";

const MOST_KEYS = 50_000;
/** Whoever makes keys up can make up any number of them. */
const MOST_REFUSED_KEYS = 200;
/** More programs, networks and models of one key than this are not told apart within a few seconds. */
const MOST_USES_OF_KEY = 64;
/** Parsing an address or a header costs more than all the rest, and most calls repeat the ones before them. */
const MOST_REMEMBERED = 10_000;

export class Gather {
  #uses = new Map<string, Use[]>();
  #refusedKeys = 0;
  readonly #networks = new Remembered(networkOf);
  readonly #programs = new Remembered(programOf);

  add({ keyId, atMs, address, model, costUsd, userAgent }: Sample): void {
    const network = address === null ? null : this.#networks.of(address);
    const program = userAgent === null ? null : this.#programs.of(userAgent);
    const use = this.#one(keyId, { network, program, model });
    if (use === undefined) return;
    use.calls++;
    use.costUsd += costUsd;
    use.atMs = Math.max(use.atMs, atMs);
  }

  refuse({ keyId, atMs, address, code }: Refusal): void {
    if (!this.#uses.has(keyId) && ++this.#refusedKeys > MOST_REFUSED_KEYS) return;
    const network = address === null ? null : this.#networks.of(address);
    const use = this.#one(keyId, { network, program: null, model: "" });
    if (use === undefined) return;
    use.refused++;
    use.code = code;
    use.atMs = Math.max(use.atMs, atMs);
  }

  /** Everything since the last time, and nothing of it again. */
  take(): Use[] {
    if (this.#uses.size === 0) return [];
    const taken = [...this.#uses.values()].flat();
    this.#uses = new Map();
    this.#refusedKeys = 0;
    return taken;
  }

  /** What was taken and could not be kept. */
  putBack(uses: readonly Use[]): void {
    for (const use of uses) {
      const known = this.#uses.get(use.keyId);
      if (known !== undefined && known.length < MOST_USES_OF_KEY) known.push(use);
      else if (known === undefined && this.#uses.size < MOST_KEYS) this.#uses.set(use.keyId, [use]);
    }
  }

  #one(keyId: string, { network, program, model }: Pick<Use, "network" | "program" | "model">): Use | undefined {
    let uses = this.#uses.get(keyId);
    if (uses === undefined) {
      if (this.#uses.size >= MOST_KEYS) return undefined;
      uses = [];
      this.#uses.set(keyId, uses);
    }
    for (const use of uses) {
      if (use.network === network && use.program === program && use.model === model) return use;
    }
    const last = uses.at(-1);
    if (last !== undefined && uses.length >= MOST_USES_OF_KEY) return last;
    const use: Use = { keyId, atMs: 0, network, program, model, calls: 0, costUsd: 0, refused: 0, code: null };
    uses.push(use);
    return use;
  }
}

/** What a function made of texts that keep coming back. */
class Remembered {
  readonly #make: (text: string) => string;
  readonly #made = new Map<string, string>();

  constructor(make: (text: string) => string) {
    this.#make = make;
  }

  of(text: string): string {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    if (this.#made.size >= MOST_REMEMBERED) this.#made.clear();
    const made = this.#make(text);
    this.#made.set(text, made);
    return made;
  }
}
