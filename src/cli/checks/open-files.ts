/** Whether the system lets this process open as many files as the expected answers need. */
import { readFileSync } from "node:fs";
import type { Config } from "../../config/schema.ts";
import { type Finding, ok, warn } from "./finding.ts";

/** The client's connection and the provider's. */
const FILES_PER_ANSWER = 2;
/** The program, its database, its log, connections without a request. */
const OTHER_FILES = 200;

export function checkOpenFiles(config: Config, limit = openFilesLimit()): Finding {
  const needed = config.concurrentAnswers * FILES_PER_ANSWER + OTHER_FILES;
  if (limit === null) return ok("files", "this system does not say how many files may be open");
  const answers = Math.max(0, Math.floor((limit - OTHER_FILES) / FILES_PER_ANSWER));
  const text = `${limit} files may be open, enough for about ${answers} answers at once`;
  if (limit >= needed) return ok("files", text);
  return warn(
    "files",
    `${text}; ${config.concurrentAnswers} are expected`,
    `Raise the limit to ${needed} (\`ulimit -n\`, LimitNOFILE= of systemd, --ulimit of Docker), or lower CONCURRENT_ANSWERS.`,
  );
}

/** What Linux allows this process; null elsewhere, and for no limit. */
function openFilesLimit(): number | null {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    return found === null ? null : Number(found[1]);
  } catch {
    return null;
  }
}
