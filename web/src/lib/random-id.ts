/** A name that nothing else has. `crypto.randomUUID` is missing where a page is not reached by https. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
