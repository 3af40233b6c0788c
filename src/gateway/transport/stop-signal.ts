/**
 * What ends a request. An `AbortSignal` is one; `Stop` is what each attempt has: the platform's controller and signal are
 * two objects outside of JavaScript, with a list of listeners there, and cost more than the rest of an attempt.
 */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Ends once. Listeners that are added afterwards hear nothing, as with an `AbortSignal`. */
export class Stop implements StopSignal {
  #aborted = false;
  #reason: Error | undefined;
  #listeners: (() => void)[] = [];

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    if (this.#aborted) this.#reason ??= new DOMException("The operation was aborted.", "AbortError");
    return this.#reason;
  }

  addEventListener(_: "abort", listener: () => void): void {
    if (!this.#aborted) this.#listeners.push(listener);
  }

  removeEventListener(_: "abort", listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }

  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}
