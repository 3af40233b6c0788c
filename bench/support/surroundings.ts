/** Starts the processes that stand around the server which is measured. */
import { join } from "node:path";
import { type Running, start } from "./processes.ts";

const path = (file: string) => join(import.meta.dir, file);

/** A provider that costs next to nothing. */
export async function startUpstream(): Promise<{ url: string; server: Running }> {
  const server = start({ name: "The fake upstream", command: [process.execPath, path("fake-upstream.ts")] });
  return { url: await server.listening(), server };
}

/** The least that Bun needs to pass a request on. */
export async function startBareProxy(upstream: string): Promise<{ url: string; server: Running }> {
  const server = start({ name: "The bare proxy", command: [process.execPath, path("bare-proxy.ts"), upstream] });
  return { url: await server.listening(), server };
}
