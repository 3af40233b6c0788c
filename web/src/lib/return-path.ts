/** Where to go after login: only a path of this site, whatever the address bar was made to say. */
export function safeReturnPath(next: unknown): string {
  const fallback = "/dashboard";
  if (typeof next !== "string" || !next.startsWith("/")) return fallback;
  const url = new URL(next, "http://gapura.invalid");
  if (url.origin !== "http://gapura.invalid") return fallback;
  return `${url.pathname}${url.search}${url.hash}`;
}
