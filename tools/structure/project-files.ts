/** Reads the project's own files: what git would track, found without git, which a bare machine may not have. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface ProjectFile {
  /** Relative to the root, with forward slashes. */
  path: string;
  text: string;
}

/** In a linked worktree `.git` is a file, not a folder. */
const FOREIGN_FOLDERS = new Set([".git", "node_modules", "data", "coverage", "test-output"]);
const FOREIGN = /^(?:\.git$|web\/dist|bench\/output|\.env$|\.env\.(?!example$))|\.log$/;
const BINARY = /\.(?:png|jpe?g|gif|webp|avif|ico|woff2?|ttf|pdf|gz|zip|db)$/;

/** All text files of the project under `root`, sorted by path. */
export function readProject(root: string): ProjectFile[] {
  const files: ProjectFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (FOREIGN.test(path)) continue;
      if (entry.isDirectory()) {
        if (!FOREIGN_FOLDERS.has(entry.name)) visit(path);
      } else if (entry.isFile() && !BINARY.test(path)) {
        files.push({ path, text: readFileSync(join(root, path), "utf8") });
      }
    }
  };
  visit("");
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
