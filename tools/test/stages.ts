/** Which test files belong to a run, and in what order: what fails fast and explains most comes first. Pure. */

/** Folders whose tests need a real browser. */
const BROWSER_FOLDERS = ["test/guide/", "test/e2e/"];
/** What must hold tests once it exists. Other folders may have tests, and then run them. */
const EXPECTED: Readonly<Record<StageName, readonly string[]>> = {
  "beside the source": ["src", "tools"],
  "across folders": ["test"],
  browser: ["test/guide", "test/e2e"],
};

export type StageName = "beside the source" | "across folders" | "browser";

export interface Stage {
  name: StageName;
  /** Paths from the project's root, with forward slashes, sorted. */
  files: string[];
  /** Expected folders that exist and hold no test: each is a failure of its own, because a test was lost. */
  emptyFolders: string[];
}

export interface Found {
  /** Every file of the project, from its root. */
  paths: readonly string[];
  /** Parts of paths given by a developer; none means everything. */
  filters: readonly string[];
}

/** The stages that have something to run or to complain about. */
export function planStages({ paths, filters }: Found): Stage[] {
  const tests = paths.filter(isTest).sort();
  const wanted = tests.filter((path) => filters.length === 0 || filters.some((filter) => path.includes(plain(filter))));
  const names: StageName[] = ["beside the source", "across folders", "browser"];
  return names
    .map((name) => ({
      name,
      files: wanted.filter((path) => stageOf(path) === name),
      emptyFolders: filters.length === 0 ? emptyFolders(name, { paths, tests }) : [],
    }))
    .filter(({ files, emptyFolders }) => files.length + emptyFolders.length > 0);
}

function emptyFolders(
  name: StageName,
  { paths, tests }: { paths: readonly string[]; tests: readonly string[] },
): string[] {
  return EXPECTED[name].filter((folder) => {
    const isThere = paths.some((path) => path.startsWith(`${folder}/`));
    return isThere && !tests.some((path) => path.startsWith(`${folder}/`) && stageOf(path) === name);
  });
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

function stageOf(path: string): StageName {
  if (!path.startsWith("test/")) return "beside the source";
  return BROWSER_FOLDERS.some((folder) => path.startsWith(folder)) ? "browser" : "across folders";
}

/** A filter as a shell completes it: `./src/storage/` means `src/storage/`. */
function plain(filter: string): string {
  return filter.replace(/^\.\//, "");
}
