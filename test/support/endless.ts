/** A provider whose streams never end by themselves, and whose whole answers never come; of any model, `gpt-3.5` too. */
export interface EndlessProvider {
  /** How many answers are under way. */
  open: number;
  /** For ALLOW_PRIVATE_UPSTREAM. */
  hostAndPort: string;
  baseUrl: string;
  stop(): Promise<void>;
}

const EVERY_MS = 20;

export function startEndless(): EndlessProvider {
  const provider: EndlessProvider = { open: 0, hostAndPort: "", baseUrl: "", stop: () => server.stop(true) };
  const server = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      if (new URL(request.url).pathname.endsWith("/models")) return Response.json({ data: [{ id: "gpt-3.5-turbo" }] });
      const { stream } = (await request.json()) as { stream?: boolean };
      provider.open++;
      request.signal.addEventListener("abort", () => provider.open--);
      if (!stream) return new Promise<Response>(() => {});
      const body = new ReadableStream<string>({
        pull: async (controller) => {
          await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
          controller.enqueue(chunk("kata "));
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  });
  provider.hostAndPort = `127.0.0.1:${server.port}`;
  provider.baseUrl = `http://${provider.hostAndPort}/v1`;
  return provider;
}

function chunk(content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices })}\n\n`;
}
