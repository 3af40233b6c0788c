/** The cookie by which a browser is known again. It opens nothing by itself; the database holds its hash. */
import { hashToken, newToken } from "./mail-tokens.ts";

const MAX_AGE_SECONDS = 400 * 24 * 3_600;
const TOKEN = /^[\w-]{43}$/;

/** The browser's token, or a new one for a browser that brings none. */
export function deviceOfRequest(request: Request, baseUrl: string): { token: string; hash: string } {
  const name = nameFor(baseUrl);
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  const token = value !== undefined && TOKEN.test(value) ? value : newToken();
  return { token, hash: hashToken(token) };
}

export function deviceCookie(token: string, baseUrl: string): string {
  const secure = baseUrl.startsWith("https:") ? "; Secure" : "";
  return `${nameFor(baseUrl)}=${token}; Max-Age=${MAX_AGE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

function nameFor(baseUrl: string): string {
  return baseUrl.startsWith("https:") ? "__Host-gapura_device" : "gapura_device";
}
