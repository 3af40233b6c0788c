/** Servers of open models that people run beside Gapura, and the ports where they listen unless told otherwise. */
import type { HttpProvider } from "../http-provider.ts";
import { genericProvider } from "../openai-compatible/generic.ts";

const LOCAL_SERVERS = [
  { slug: "ollama", name: "Ollama", port: 11434 },
  { slug: "lmstudio", name: "LM Studio", port: 1234 },
  { slug: "llamacpp", name: "llama.cpp", port: 8080 },
  { slug: "vllm", name: "vLLM", port: 8000 },
  { slug: "sglang", name: "SGLang", port: 30000 },
] as const;

/** Every local server that may be there. They need no key and cost nothing per token that Gapura could know. */
export function localServers(): HttpProvider[] {
  return LOCAL_SERVERS.map(({ slug, name, port }) =>
    genericProvider({ slug, name, baseUrl: `http://127.0.0.1:${port}/v1` }),
  );
}
