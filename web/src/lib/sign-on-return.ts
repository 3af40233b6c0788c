/** Where to go after single sign-on, which leaves this site in between. For this window alone. */
import { safeReturnPath } from "./return-path.ts";

const STORED_AS = "gapura.sign-on-return";

export function rememberReturnPath(next: string | undefined): void {
  try {
    window.sessionStorage.setItem(STORED_AS, safeReturnPath(next));
  } catch {
    // A browser that keeps nothing leads to the usual page.
  }
}

export function rememberedReturnPath(): string | undefined {
  try {
    return window.sessionStorage.getItem(STORED_AS) ?? undefined;
  } catch {
    return undefined;
  }
}
