/** A provider in OpenAI's dialect, over real HTTP. */
export interface Upstream {
  /** For the provider's base URL. */
  url: string;
  /** `host:port`, for ALLOW_PRIVATE_UPSTREAM. */
  host: string;
  /** Bodies and credentials of all chat requests so far. */
  seen: { body: Record<string, unknown>; authorization: string | null }[];
  stop(): Promise<void>;
}

/** Serves these models; answers every chat request with "Kabar baik!". Refuses other keys than `key`. */
export function startUpstream(models: readonly string[], key: string | null = null): Upstream {
  const seen: Upstream["seen"] = [];
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const authorization = request.headers.get("authorization");
      if (key !== null && authorization !== `Bearer ${key}`) {
        return Response.json({ error: { message: "wrong key" } }, { status: 401 });
      }
      if (new URL(request.url).pathname.endsWith("/models")) {
        return Response.json({ object: "list", data: models.map((id) => ({ id, object: "model", created: 1 })) });
      }
      const body = (await request.json()) as Record<string, unknown>;
      seen.push({ body, authorization });
      const message = { role: "assistant", content: "Kabar baik!" };
      const usage = { prompt_tokens: 1000, completion_tokens: 2000, total_tokens: 3000 };
      const choices = [{ index: 0, finish_reason: "stop", message }];
      return Response.json({
        id: "chatcmpl-1",
        object: "chat.completion",
        created: 1,
        model: body.model,
        choices,
        usage,
      });
    },
  });
  const host = `127.0.0.1:${server.port}`;
  return { url: `http://${host}/v1`, host, seen, stop: () => server.stop(true) };
}
