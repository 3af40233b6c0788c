/** Which account the pages show; null until that is known. Only `features/team/accounts.ts` says so. */
let shown: string | null = null;

export function shownAccount(): string | null {
  return shown;
}

export function showAccount(id: string | null): void {
  shown = id;
}
