/**
 * Bifrost, where the machine has it: its Go module is not served everywhere, and its npm package downloads the program
 * when it runs. BENCH_BIFROST names the program. Its defaults stand, but for the log; governance is off, as it is then.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../support/nginx.ts";
import { makeFolder, start } from "../support/processes.ts";
import { COMMON_HEADERS, candidate, type Peer, untilListening } from "./peer.ts";

export const bifrost: Peer = {
  name: "bifrost",
  start: async ({ upstream, core }) => {
    const program = process.env.BENCH_BIFROST ?? Bun.which("bifrost-http");
    if (program === null) {
      throw new Error("the program is not here; name it with BENCH_BIFROST (go install …/transports/bifrost-http)");
    }
    const folder = makeFolder();
    writeFileSync(join(folder, "config.json"), JSON.stringify(configuration(upstream)));
    const port = await freePort();
    const words = ["-host", "127.0.0.1", "-port", String(port), "-app-dir", folder, "-log-level", "error"];
    const spawnedMs = performance.now();
    const server = start({ name: "Bifrost", command: [program, ...words], core });
    await untilListening(server, port);
    return candidate(server, {
      name: "bifrost",
      url: `http://127.0.0.1:${port}/v1/chat/completions`,
      headers: COMMON_HEADERS,
      model: "openai/gpt-3.5-turbo",
      spawnedMs,
    });
  },
};

function configuration(upstream: string): object {
  return {
    providers: {
      openai: {
        keys: [{ name: "bench", value: "sk-bench", models: [], weight: 1 }],
        network_config: { base_url: upstream },
      },
    },
  };
}
