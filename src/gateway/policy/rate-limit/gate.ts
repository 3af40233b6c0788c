/** What one owner of caps, a key or an account, has running and has used in this process. */
import type { CapAsk, RateCaps } from "../../ports.ts";
import { MinuteWindow } from "./minute-window.ts";
import type { CapName, CapOwner } from "./refusals.ts";

/** In the order in which they are looked at. */
export const CAP_NAMES: readonly CapName[] = ["parallel", "rpm", "tpm"];

export class Gate {
  readonly owner: CapOwner;
  readonly window = new MinuteWindow();
  /** What calls wait for that ask others for room. */
  readonly waiting: Record<CapName, number> = { rpm: 0, tpm: 0, parallel: 0 };
  /** Monotonic: until when nobody is asked again, because all room was taken. */
  readonly fullUntilMs: Record<CapName, number> = {
    rpm: Number.NEGATIVE_INFINITY,
    tpm: Number.NEGATIVE_INFINITY,
    parallel: Number.NEGATIVE_INFINITY,
  };
  readonly names: Readonly<Record<CapName, string>>;
  caps: RateCaps;
  running = 0;

  constructor(owner: CapOwner, caps: RateCaps) {
    const name = `${owner.kind}/${owner.id}`;
    this.owner = owner;
    this.caps = caps;
    this.names = { rpm: `${name}/rpm`, tpm: `${name}/tpm`, parallel: `${name}/parallel` };
  }

  used(cap: CapName): number {
    if (cap === "parallel") return this.running;
    return cap === "rpm" ? this.window.requests : this.window.tokens;
  }

  /** What has to be held of a cap for what is used and waited for. What rests needs nothing, and keeps nothing in hand. */
  ask(cap: CapName): CapAsk {
    const need = Math.ceil(this.used(cap) + this.waiting[cap]);
    return { name: this.names[cap], kind: cap, cap: this.isAtRest ? 0 : (this.caps[cap] ?? 0), need };
  }

  get isAtRest(): boolean {
    const isWaiting = this.waiting.rpm > 0 || this.waiting.tpm > 0 || this.waiting.parallel > 0;
    return !isWaiting && this.running === 0 && this.window.requests === 0 && this.window.tokens === 0;
  }
}

/** Room for so much more of a cap. */
export interface Claim {
  gate: Gate;
  cap: CapName;
  more: number;
}

/** What a call needs to be let in. Tokens are not taken yet, but there have to be some. */
export function claimsOf(gates: readonly Gate[]): Claim[] {
  const claims: Claim[] = [];
  for (const gate of gates) {
    for (const cap of CAP_NAMES) if (gate.caps[cap] !== null) claims.push({ gate, cap, more: 1 });
  }
  return claims;
}
