/** A provider of `gpt-3.5` whose answers cost real money: what they say that they used is what is charged. */
export interface CostlyProvider {
  /** Environment variables of a server that uses it, with `hosts` that may be reached beside it. */
  env(...hosts: string[]): Record<string, string>;
  /** Tokens of each answer, at one and a half dollars for a million. */
  completionTokens: number;
  stop(): Promise<void>;
}

export function startCostly(): CostlyProvider {
  const provider: CostlyProvider = {
    env: (...hosts) => ({
      OPENAI_API_KEY: "sk-invented",
      OPENAI_BASE_URL: `http://${own}/v1`,
      ALLOW_PRIVATE_UPSTREAM: [own, ...hosts].join(","),
    }),
    completionTokens: 1_000,
    stop: () => server.stop(true),
  };
  const server = Bun.serve({
    port: 0,
    fetch: (request) => {
      if (new URL(request.url).pathname.endsWith("/models")) return Response.json({ data: [{ id: "gpt-3.5-turbo" }] });
      const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Baik" } }];
      const { completionTokens } = provider;
      const usage = { prompt_tokens: 100, completion_tokens: completionTokens, total_tokens: 100 + completionTokens };
      return Response.json({ id: "1", object: "chat.completion", created: 1, model: "m", choices, usage });
    },
  });
  const own = `127.0.0.1:${server.port}`;
  return provider;
}
