/**
 * Where an app may be sent back to. The code in the address is worth a key, so it only goes over https, or to a program
 * on the person's own machine, and never to an address that two readers may understand differently.
 */

/** The origin of a program to which the person carries the code: the OAuth standards' own name for "out of band". */
export const OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";

const LOCAL_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

export type Callback = { ok: true; url: URL } | { ok: false; problem: string };

/** Reads the address of an app. The problem is a predicate: "must begin with https://". */
export function readCallback(text: string): Callback {
  const refuse = (problem: string): Callback => ({ ok: false, problem });
  if (text !== text.trim() || /[\p{Cc}\\]/u.test(text))
    return refuse("must not contain spaces, backslashes or control characters");
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:\/\/[^/]/i.test(text))
    return refuse("must be a whole address, such as https://app.example.com/callback");
  const isLocal = url.protocol === "http:" && LOCAL_HOSTS.has(url.hostname);
  if (url.protocol !== "https:" && !isLocal)
    return refuse("must begin with https://; http is accepted for localhost, 127.0.0.1 and [::1] alone");
  if (url.username !== "" || url.password !== "" || /^https?:\/\/[^/?#]*@/i.test(text))
    return refuse("must not contain a user name or password");
  if (text.includes("#")) return refuse("must not contain a fragment (#)");
  return { ok: true, url };
}

/** The address with one parameter set, whatever stood there before. */
export function withParameter(url: URL, name: "code" | "error", value: string): string {
  const target = new URL(url);
  for (const reserved of ["code", "error"]) target.searchParams.delete(reserved);
  target.searchParams.set(name, value);
  return target.href;
}
