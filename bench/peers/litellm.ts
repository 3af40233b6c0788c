/**
 * LiteLLM's proxy, from PyPI, with what its page on production names: one worker for the one core, quiet logs, production
 * mode. It checks its master key; without a database it keeps no record and holds nobody to a budget.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../support/nginx.ts";
import { makeFolder, start } from "../support/processes.ts";
import { COMMON_HEADERS, candidate, installedFromPyPi, type Peer, untilListening } from "./peer.ts";

const VERSION = "1.108.7";
const MODEL = "openai/gpt-3.5-turbo";
const MASTER_KEY = "sk-litellm-bench";
/** The price list comes with the package, so that nothing is fetched while it starts. */
const ENVIRONMENT = { LITELLM_MODE: "PRODUCTION", LITELLM_LOG: "ERROR", LITELLM_LOCAL_MODEL_COST_MAP: "True" };

export const litellm: Peer = {
  name: "litellm",
  start: async ({ upstream, core, ...around }) => {
    if (!around.mayInstall) throw new Error("it takes too long to start for a run with --quick");
    const folder = await installedFromPyPi({ name: `litellm-${VERSION}`, what: `litellm[proxy]==${VERSION}` }, around);
    const settings = join(makeFolder(), "config.yaml");
    writeFileSync(settings, configuration(upstream));
    const port = await freePort();
    const words = ["--config", settings, "--host", "127.0.0.1", "--port", String(port), "--num_workers", "1"];
    const spawnedMs = performance.now();
    const command = [join(folder, "venv/bin/litellm"), ...words];
    const server = start({ name: "LiteLLM", command, env: ENVIRONMENT, core });
    await untilListening(server, port);
    return candidate(server, {
      name: "litellm",
      url: `http://127.0.0.1:${port}/v1/chat/completions`,
      headers: { ...COMMON_HEADERS, authorization: `Bearer ${MASTER_KEY}` },
      model: MODEL,
      spawnedMs,
    });
  },
};

function configuration(upstream: string): string {
  return `
model_list:
  - model_name: ${MODEL}
    litellm_params:
      model: ${MODEL}
      api_base: ${upstream}/v1
      api_key: sk-bench
general_settings:
  master_key: ${MASTER_KEY}
litellm_settings:
  set_verbose: false
`;
}
