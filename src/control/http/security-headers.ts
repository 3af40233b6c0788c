/** The headers that every response carries, whatever answered it. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");
const ONE_YEAR_SECONDS = 31_536_000;

/** `baseUrl` decides whether browsers are told to insist on https. */
export function securityHeaders(baseUrl: string): Record<string, string> {
  return {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ...(baseUrl.startsWith("https:") ? { "strict-transport-security": `max-age=${ONE_YEAR_SECONDS}` } : {}),
  };
}
