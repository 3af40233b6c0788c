/**
 * A provider that costs next to nothing: it answers chat completions in OpenAI's dialect with a fixed text, or streams
 * numbered chunks at a steady pace. Every answer has an id of its own, and every chunk says whose it is and which:
 * `<the request's user field>:<number>;`, so that a lost, repeated or foreign chunk is seen. A request says by a field of its
 * own how many chunks it wants and at what pace; a gateway passes on fields that it does not know.
 */
export interface Pace {
  chunks: number;
  intervalMs: number;
}

export const FAKE_MODEL = "gpt-3.5-turbo";
/** Stands in every whole answer. */
export const FAKE_ANSWER = "Kabar baik, terima kasih. Ada yang bisa dibantu hari ini?";

/** The text of one chunk. */
export function chunkText(user: string, number: number): string {
  return `${user}:${number};`;
}

/** For streams of this user it is kept how many tokens were sent, one for each chunk: `GET /sent` tells it. */
export const KEEPS_ACCOUNT = "kills";
const sent = new Map<string, number>();

const STREAM_HEADERS = { "content-type": "text/event-stream", "cache-control": "no-cache" };

/** Behind the answer's text, so that a whole answer can be as long as a benchmark wants it. */
let padding = "";
/** For streams whose request says nothing of a pace, because some gateways pass on no fields that they do not know. */
let usualPace: Pace = { chunks: 1, intervalMs: 0 };
/** Where it stands in a prompt, which every gateway passes on, the stream is one that lasts. */
export const LASTING = "Take your time.";
export const LASTING_PACE: Pace = { chunks: 20, intervalMs: 1_000 };

function wholeAnswer(id: string): string {
  return JSON.stringify({
    id,
    object: "chat.completion",
    created: 1_700_000_000,
    model: FAKE_MODEL,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: FAKE_ANSWER + padding, refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 210, completion_tokens: 16, total_tokens: 226 },
    system_fingerprint: "fp_bench",
  });
}

function event(id: string, rest: object): string {
  const head = { id, object: "chat.completion.chunk", created: 1_700_000_000, model: FAKE_MODEL };
  return `data: ${JSON.stringify({ ...head, ...rest })}\n\n`;
}

async function* events(id: string, user: string, pace: Pace) {
  for (let number = 0; number < pace.chunks; number++) {
    if (number > 0 && pace.intervalMs > 0) await Bun.sleep(pace.intervalMs);
    if (user === KEEPS_ACCOUNT) sent.set(id, number + 1);
    const delta = { content: chunkText(user, number) };
    yield event(id, { choices: [{ index: 0, delta, finish_reason: null }] });
  }
  yield event(id, { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  const usage = { prompt_tokens: 210, completion_tokens: pace.chunks, total_tokens: 210 + pace.chunks };
  yield `${event(id, { choices: [], usage })}data: [DONE]\n\n`;
}

/**
 * Serves on a free port and says which. Arguments: bytes of a whole answer, chunks of a stream, milliseconds between them,
 * how many models it lists.
 */
function serve([answerBytes = "0", chunks = "1", intervalMs = "0", models = "1"]: readonly string[]): void {
  padding = ".".repeat(Math.max(0, Number(answerBytes) - wholeAnswer("chatcmpl-0").length));
  usualPace = { chunks: Number(chunks), intervalMs: Number(intervalMs) };
  const listed = Array.from({ length: Number(models) }, (_, index) => ({
    id: index === 0 ? FAKE_MODEL : `bench-model-${index}`,
    object: "model",
  }));
  let answers = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 120,
    fetch: async (request) => {
      if (request.url.endsWith("/sent")) return Response.json(Object.fromEntries(sent));
      if (request.method === "GET") return Response.json({ object: "list", data: listed });
      const body = await request.text();
      const id = `chatcmpl-${process.pid}-${answers++}`;
      if (!body.includes('"stream":true')) {
        return new Response(wholeAnswer(id), { headers: { "content-type": "application/json" } });
      }
      const user = /"user":"([^"]*)"/.exec(body)?.[1] ?? "";
      const [, chunks, intervalMs] = /"pace":\{"chunks":(\d+),"intervalMs":(\d+)\}/.exec(body) ?? [];
      const unsaid = body.includes(LASTING) ? LASTING_PACE : usualPace;
      const pace = chunks === undefined ? unsaid : { chunks: Number(chunks), intervalMs: Number(intervalMs ?? 0) };
      return new Response(streamOf(events(id, user, pace)), { headers: STREAM_HEADERS });
    },
  });
  console.log(`The fake upstream is listening on ${server.url.origin}`);
}

function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull: async (controller) => {
      const { value, done } = await texts.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await texts.return(undefined);
    },
  });
}

if (import.meta.main) serve(process.argv.slice(2));
