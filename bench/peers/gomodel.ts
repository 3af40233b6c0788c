/**
 * GoModel, where the machine has it: it comes as a program and as a container, but not from a registry of packages, so that
 * BENCH_GOMODEL names the program (`go build ./cmd/gomodel` in its repository makes it). Its defaults stand: a master key,
 * and usage written to SQLite some seconds later. Its list of models is not fetched when it starts.
 */
import { join } from "node:path";
import { freePort } from "../support/nginx.ts";
import { makeFolder, start } from "../support/processes.ts";
import { COMMON_HEADERS, candidate, type Peer, untilListening } from "./peer.ts";

const MASTER_KEY = "bench-master-key";

export const goModel: Peer = {
  name: "gomodel",
  start: async ({ upstream, core }) => {
    const program = process.env.BENCH_GOMODEL ?? Bun.which("gomodel");
    if (program === null) throw new Error("the program is not here; name it with BENCH_GOMODEL");
    const data = makeFolder();
    const port = await freePort();
    const env = {
      PORT: String(port),
      LOG_LEVEL: "error",
      GOMODEL_MASTER_KEY: MASTER_KEY,
      GOMODEL_CACHE_DIR: join(data, "cache"),
      SQLITE_PATH: join(data, "gomodel.db"),
      MODEL_LIST_URL: "",
      OPENAI_API_KEY: "sk-bench",
      OPENAI_BASE_URL: `${upstream}/v1`,
    };
    const spawnedMs = performance.now();
    const server = start({ name: "GoModel", command: [program], env, core });
    await untilListening(server, port);
    return candidate(server, {
      name: "gomodel",
      url: `http://127.0.0.1:${port}/v1/chat/completions`,
      headers: { ...COMMON_HEADERS, authorization: `Bearer ${MASTER_KEY}` },
      model: "gpt-3.5-turbo",
      spawnedMs,
    });
  },
};
