/**
 * Portkey's open gateway, from npm. As its README says: the provider and its address are named by headers, and there is
 * no key of its own to check and no record that it keeps.
 */
import { join } from "node:path";
import { freePort } from "../support/nginx.ts";
import { start } from "../support/processes.ts";
import { COMMON_HEADERS, candidate, installed, type Peer, run, untilListening } from "./peer.ts";

const VERSION = "1.15.2";

export const portkey: Peer = {
  name: "portkey",
  start: async ({ upstream, core, ...around }) => {
    const node = Bun.which("node");
    if (node === null) throw new Error("it needs Node.js");
    const folder = await installed(
      `portkey-${VERSION}`,
      (target) =>
        run(
          ["npm", "install", "--no-audit", "--no-fund", "--prefix", target, `@portkey-ai/gateway@${VERSION}`],
          target,
        ),
      around,
    );
    const port = await freePort();
    const program = join(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
    const spawnedMs = performance.now();
    const env = { NODE_ENV: "production" };
    const server = start({ name: "Portkey", command: [node, program, `--port=${port}`, "--headless"], core, env });
    await untilListening(server, port);
    return candidate(server, {
      name: "portkey",
      url: `http://127.0.0.1:${port}/v1/chat/completions`,
      headers: {
        ...COMMON_HEADERS,
        authorization: "Bearer sk-bench",
        "x-portkey-provider": "openai",
        "x-portkey-custom-host": `${upstream}/v1`,
      },
      model: "gpt-3.5-turbo",
      spawnedMs,
    });
  },
};
