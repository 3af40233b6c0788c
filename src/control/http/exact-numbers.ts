/** Finds numbers of a JSON text that mean something else once they are read: money must not be rounded in silence. */

/**
 * The name of the first field whose number a double cannot hold as it is written (too many digits, too large), or null.
 * The text must be JSON.
 */
export function inexactField(text: string): string | null {
  let found: string | null = null;
  JSON.parse(text, (name: string, value: unknown, context?: { source?: string }) => {
    const source = context?.source;
    if (found === null && typeof value === "number" && source !== undefined && !isSame(source, value)) found = name;
    return value;
  });
  return found;
}

function isSame(source: string, value: number): boolean {
  return Number.isFinite(value) && normal(source) === normal(String(value));
}

/** One writing for each decimal number: `1.50e3` and `1500` are both `15e2`. */
function normal(decimal: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(decimal);
  if (!match) return decimal;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + (digits.length - significant.length)}`;
}
