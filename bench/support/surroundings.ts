/** Starts the processes that stand around the server which is measured. */
import { join } from "node:path";
import type { Pace } from "./fake-upstream.ts";
import { type Running, start } from "./processes.ts";

const path = (file: string) => join(import.meta.dir, file);

/** A provider that costs next to nothing. What is left out is as small as it can be. */
export async function startUpstream({
  answerBytes = 0,
  pace = { chunks: 1, intervalMs: 0 },
  models = 1,
}: {
  answerBytes?: number;
  pace?: Pace;
  models?: number;
} = {}): Promise<{ url: string; server: Running }> {
  const sizes = [answerBytes, pace.chunks, pace.intervalMs, models].map(String);
  const server = start({ name: "The fake upstream", command: [process.execPath, path("fake-upstream.ts"), ...sizes] });
  return { url: await server.listening(), server };
}

/** The least that Bun needs to pass a request on. */
export async function startBareProxy(upstream: string, core?: number): Promise<{ url: string; server: Running }> {
  const server = start({ name: "The bare proxy", command: [process.execPath, path("bare-proxy.ts"), upstream], core });
  return { url: await server.listening(), server };
}
