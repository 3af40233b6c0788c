/**
 * The parameters of the address bar as plain texts. The router would read them as JSON: a code of digits became a
 * number, and long ones were rounded.
 */

/** `?a=1&b=x` as `{ a: "1", b: "x" }`; of a name that stands twice the last one counts. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The way back; what is undefined or null is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null) params.set(name, String(value));
  }
  return params.size === 0 ? "" : `?${params}`;
}
