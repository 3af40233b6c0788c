/**
 * Remembers that somebody signed in with this browser. Only a hint, so that public pages need not ask the server (and
 * be refused) for every visitor; who is signed in is decided by the cookie, which no script can read.
 */
import { readStored, writeStored } from "./storage.ts";

const STORED_AS = "gapura.signed-in";

export function maySignedIn(): boolean {
  return readStored(STORED_AS) === "yes";
}

export function rememberSignedIn(signedIn: boolean): void {
  writeStored(STORED_AS, signedIn ? "yes" : null);
}
