/** Finds what a source file imports, without a compiler: enough for formatted code, fast enough to run on every file. */

export interface Import {
  /** As written, for example `../kernel/ids.ts` or `node:path`. */
  specifier: string;
  /** Counted from 1. */
  line: number;
}

const COMMENT = /^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*$)/gm;
const STATEMENT = /^(?:import|export)\b[^;"'`]*?\bfrom\s*"([^"]+)"/gm;
const SIDE_EFFECT = /^import\s*"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"/g;
/** How a worker is named. */
const FILE_URL = /\bnew URL\(\s*"(\.[^"]+\.tsx?)",\s*import\.meta\.url/g;

/** The imports of a file, in the order of their lines. Comments that begin a line are not looked at. */
export function importsOf(source: string): Import[] {
  const code = source.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, " "));
  const at = (match: RegExpMatchArray) => code.slice(0, match.index).split("\n").length;
  const found: Import[] = [];
  for (const match of code.matchAll(STATEMENT)) {
    found.push({ specifier: match[1] ?? "", line: at(match) });
  }
  for (const pattern of [SIDE_EFFECT, DYNAMIC, FILE_URL]) {
    for (const match of code.matchAll(pattern)) {
      found.push({ specifier: match[1] ?? "", line: at(match) });
    }
  }
  return found.sort((a, b) => a.line - b.line);
}
