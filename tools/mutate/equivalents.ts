/**
 * Mutants that make no difference anybody could see, each with the reason. They are not tried. A line that is changed is
 * looked at anew, because what stands here is the line as it was when somebody argued about it.
 */
import type { Mutant } from "./mutants.ts";

interface Equivalent {
  file: string;
  /** What the line holds, without the spaces around it. */
  line: string;
  before: string;
  after: string;
  because: string;
}

const LEDGER = "src/storage/ledger";
const RATES = "src/gateway/policy/rate-limit/rate-limits.ts";
const FURTHER_BACK = "rows that were read before are read again, and whatever is done to them can be done again";

export const EQUIVALENTS: readonly Equivalent[] = [
  {
    ...{ file: `${LEDGER}/recovery.ts`, line: "after = rows.at(-1)?.id;", before: "1", after: "2" },
    because: FURTHER_BACK,
  },
  {
    ...{ file: `${LEDGER}/recovery.ts`, line: "after = rows.at(-1)?.id;", before: "-", after: "" },
    because: FURTHER_BACK,
  },
  {
    ...{ file: `${LEDGER}/recovery.ts`, line: "const PORTION = 200;", before: "200", after: "201" },
    because: "all rows are worked on, in portions of any size",
  },
  {
    ...{ file: RATES, line: "const MOST_GATES = 100_000;", before: "100_000", after: "100001" },
    because: "a bound on memory; that it is kept is tested with a small one",
  },
  {
    ...{ file: RATES, line: "if (shares === null) return;", before: "return;", after: ";" },
    because: "nothing is lacking where there are no shares, so it is never come to",
  },
  {
    ...{ file: RATES, line: "const most = gate.caps[cap] ?? 0;", before: "0", after: "1" },
    because: "only a cap that is set refuses anybody",
  },
];

export function isEquivalent({ file, start, before, after }: Mutant, text: string): boolean {
  const begin = text.lastIndexOf("\n", start - 1) + 1;
  const end = text.indexOf("\n", start);
  const line = text.slice(begin, end === -1 ? text.length : end).trim();
  return EQUIVALENTS.some(
    (known) => known.file === file && known.line === line && known.before === before && known.after === after,
  );
}
