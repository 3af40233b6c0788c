/**
 * Loaded into the measured server before its own code: notes for how long its event loop did nothing else, and how much
 * of that its own thread was computing. What it has seen is in the file that GAPURA_BENCH_LOOP names, as JSON; SIGUSR2
 * makes it forget.
 */
import { renameSync, writeFileSync } from "node:fs";

export interface LoopReport {
  /** The longest the loop was late, by the wall clock. */
  maxStallMs: number;
  /** The most CPU time that its thread used while the loop was late by that much or less. */
  maxStallCpuMs: number;
  ticks: number;
}

const TICK_MS = 5;
const REPORT_MS = 200;

const file = process.env.GAPURA_BENCH_LOOP;
if (file !== undefined) watch(file);

function watch(path: string): void {
  const report: LoopReport = { maxStallMs: 0, maxStallCpuMs: 0, ticks: 0 };
  let lastMs = performance.now();
  let lastCpu = process.threadCpuUsage();
  let reportedMs = lastMs;
  process.on("SIGUSR2", () => Object.assign(report, { maxStallMs: 0, maxStallCpuMs: 0, ticks: 0 }));
  setInterval(() => {
    const nowMs = performance.now();
    const cpu = process.threadCpuUsage();
    const lateMs = nowMs - lastMs - TICK_MS;
    const cpuMs = (cpu.user + cpu.system - lastCpu.user - lastCpu.system) / 1000;
    report.ticks++;
    report.maxStallMs = Math.max(report.maxStallMs, lateMs);
    if (lateMs > 0) report.maxStallCpuMs = Math.max(report.maxStallCpuMs, Math.min(cpuMs, lateMs + TICK_MS));
    lastMs = nowMs;
    lastCpu = cpu;
    if (nowMs - reportedMs < REPORT_MS) return;
    reportedMs = nowMs;
    writeFileSync(`${path}.new`, JSON.stringify(report));
    renameSync(`${path}.new`, path);
  }, TICK_MS).unref();
}
