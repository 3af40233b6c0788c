/** One thing that is wrong with the configuration: where it stands, what is wrong, and how to mend it. */
export interface Problem {
  where: string;
  what: string;
  fix: string;
}

export function problemText(problem: Problem): string {
  const fix = problem.fix === "" ? "" : ` ${problem.fix}`;
  return `${problem.where}: ${problem.what}.${fix}`;
}

/** Where a value in force came from; `name` is what people look for: `--port`, `PORT`, `gapura.config.yaml, line 3`. */
export interface Source {
  kind: "flag" | "environment" | "file" | "default";
  name: string;
}
