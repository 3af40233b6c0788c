/** What Linux says about a process: CPU time, memory, children. Every figure here comes from /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** The unit of CPU time in /proc, which is the same on every Linux that Bun runs on. */
const TICKS_PER_SECOND = 100;
/** Places in /proc/<pid>/stat, counted after the program's name. */
const PARENT_PID = 1;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** Throws an Error with a sentence for people where there is no /proc. */
export function requireProc(): void {
  if (process.platform !== "linux") throw new Error("This benchmark reads /proc, which only Linux has.");
}

/** CPU time that the processes have used since they began, all their threads together, in microseconds. */
export function cpuMicroseconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = statFields(pid);
    return Number(fields?.[USER_TICKS] ?? 0) + Number(fields?.[SYSTEM_TICKS] ?? 0);
  });
  return (ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND) * 1e6;
}

/** Resident memory in KiB. Throws when the process is gone. */
export function residentKib(pid: number): number {
  const found = /^Rss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(found?.[1]);
}

/** All processes below `pid`, the deepest first. */
export function descendantsOf(pid: number): number[] {
  if (process.platform !== "linux") return [];
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(statFields(Number(entry))?.[PARENT_PID]);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const below = (parent: number): number[] => (children.get(parent) ?? []).flatMap((child) => [...below(child), child]);
  return below(pid);
}

/** The fields after the program's name, which may itself hold spaces; undefined when the process is gone. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/**
 * Resolves to the resident memory in KiB once it has stopped moving (less than 1 % within two seconds), or after
 * `limitMs`.
 */
export async function settledResidentKib(pid: number, limitMs = 15_000): Promise<number> {
  const everyMs = 250;
  const recent: number[] = [];
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += everyMs) {
    recent.push(residentKib(pid));
    if (recent.length > 8) recent.shift();
    if (recent.length === 8 && Math.max(...recent) < Math.min(...recent) * 1.01) break;
    await Bun.sleep(everyMs);
  }
  return recent.at(-1) ?? residentKib(pid);
}
