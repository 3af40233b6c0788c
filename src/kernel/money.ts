/**
 * Money is a signed 64-bit count of nano-dollars: 1 USD = 1,000,000,000. Never a float, never rounded to micro-dollars
 * (a 10-token embedding would be overcharged fivefold).
 */
export type NanoUsd = bigint;

export const NANO_PER_USD = 1_000_000_000n;

export function lesserOf(one: NanoUsd, other: NanoUsd): NanoUsd {
  if (one < other) return one;
  return other;
}

export function greaterOf(one: NanoUsd, other: NanoUsd): NanoUsd {
  if (one > other) return one;
  return other;
}

/** Nano-dollars as a plain decimal string of dollars without trailing zeros: `1500000n` is `"0.0015"`. */
export function usdString(nano: NanoUsd): string {
  const sign = nano < 0n ? "-" : "";
  const absolute = nano < 0n ? -nano : nano;
  const fraction = (absolute % NANO_PER_USD).toString().padStart(9, "0").replace(/0+$/, "");
  const whole = (absolute / NANO_PER_USD).toString();
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/**
 * Nano-dollars as the JSON number that OpenRouter's API puts on the wire. For showing only: a double holds nano-dollars
 * exactly up to eight million dollars, so nothing may calculate with the result.
 */
export function usdNumber(nano: NanoUsd): number {
  const whole = Number(nano);
  // Both are exact there, and so the quotient is the double nearest to the amount: what reading its digits gives.
  return Number.isSafeInteger(whole) ? whole / 1e9 : Number(usdString(nano));
}

/**
 * Parses a decimal amount of dollars, exactly. Accepts `"12"`, `"0.0015"`, `"-3.5"` and the exponent form that
 * JavaScript prints for small numbers (`"1e-7"`). Returns undefined when the text is no decimal number or is finer
 * than a nano-dollar: the caller says what was wrong, this never rounds in silence.
 */
export function parseUsd(text: string): NanoUsd | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign = "", whole = "0", fraction = "", exponent = "0"] = match;
  const shift = 9 + Number(exponent) - fraction.length;
  let digits = BigInt(whole + fraction);
  if (shift >= 0) digits *= 10n ** BigInt(shift);
  else {
    const divisor = 10n ** BigInt(-shift);
    if (digits % divisor !== 0n) return undefined;
    digits /= divisor;
  }
  return sign === "-" ? -digits : digits;
}
