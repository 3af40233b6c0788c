/** Whose use is asked for, within what a role lets see. */

/** Nobody, and so nothing: an id that no person has. */
const NOBODY = "-";

/** The member to narrow down to. Who sees only their own and asks for somebody else's sees nothing. */
export function memberFilter(asked: string | undefined, onlyBy: string | null): string | undefined {
  if (onlyBy === null) return asked;
  return asked === undefined || asked === onlyBy ? onlyBy : NOBODY;
}
