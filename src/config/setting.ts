/** One row of the table of settings, and how a row is written. */
import type { Bilingual } from "../kernel/locale.ts";

export interface Setting {
  /** Key in gapura.config.yaml, with dots between the levels. */
  file: string;
  /** Environment variable. */
  variable: string;
  /** Command-line flag without the dashes; null where a value on the command line could be read by other users. */
  flag: string | null;
  /** As it would be written, or in words where it depends on something; null when nothing holds until it is set. */
  default: string | Bilingual | null;
  /** Never printed, and `<VARIABLE>_FILE` names a file that holds it. */
  isSecret: boolean;
  summary: Bilingual;
  /** What may be written there: also the way to mend a wrong value. */
  accepts: Bilingual;
}

type Words = Pick<Setting, "summary" | "accepts">;

export function plain<File extends string, Flag extends string>(
  ...[file, variable, flag, fallback, words]: [File, string, Flag, Setting["default"], Words]
) {
  return { file, variable, flag, default: fallback, isSecret: false, ...words };
}

export function secret<File extends string>(file: File, variable: string, words: Words) {
  return { file, variable, flag: null, default: null, isSecret: true, ...words };
}
