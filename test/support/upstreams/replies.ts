/** What a mock upstream answers, and what it saw; shared by those of every dialect. */

export type Reply<Piece> =
  /** The pieces of an answer: one for a whole answer, any number for a stream. */
  | {
      kind: "answer";
      pieces: readonly Piece[] /** The stream is sent in pieces of so many bytes. */;
      cutBytes?: number;
    }
  /** Pieces, and then the stream ends as if it were whole, without the dialect's last word. */
  | { kind: "cut"; pieces: readonly Piece[] }
  /** Pieces, and then the connection breaks. */
  | { kind: "broken"; pieces: readonly Piece[] }
  /** Pieces, and then silence until the caller leaves. */
  | { kind: "silence"; pieces: readonly Piece[] }
  | { kind: "error"; status: number; body: unknown; headers?: Record<string, string> };

export interface Seen {
  path: string;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface MockUpstream<Piece> {
  /** For the provider's base URL. */
  url: string;
  /** `host:port`, for ALLOW_PRIVATE_UPSTREAM. */
  host: string;
  /** Every request for an answer so far. */
  seen: Seen[];
  /** Resolves when a caller has left a stream that was still open. */
  left: Promise<void>;
  /** What the next requests are answered with. */
  reply: Reply<Piece>;
  stop(): Promise<void>;
}

/** How a dialect writes a stream: each piece of it, and what stands behind the last one of a whole stream. */
export interface StreamForm<Piece> {
  contentType: string;
  /** A fresh encoder, since some dialects number their events. */
  encoder(): (piece: Piece) => Uint8Array;
  last?: string;
}

/** The bytes of a whole stream of these pieces. */
export function streamBytes<Piece>(form: StreamForm<Piece>, pieces: readonly Piece[]): Uint8Array {
  return Buffer.concat([...pieces.map(form.encoder()), Buffer.from(form.last ?? "")]);
}

/** A stream in this form: cut as the reply says, left open where it is one of silence. */
export function streamed<Piece>(
  reply: Exclude<Reply<Piece>, { kind: "error" }>,
  form: StreamForm<Piece>,
  onLeave: () => void,
): Response {
  const isWhole = reply.kind === "answer";
  const bytes = isWhole ? streamBytes(form, reply.pieces) : Buffer.concat(reply.pieces.map(form.encoder()));
  const size = isWhole ? (reply.cutBytes ?? bytes.length) : bytes.length;
  let from = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (from < bytes.length) {
        controller.enqueue(bytes.subarray(from, from + size));
        from += size;
      } else if (reply.kind === "broken") {
        // What stands in the queue must have left before the connection goes.
        await new Promise((resolve) => setImmediate(resolve));
        controller.error();
      } else if (reply.kind === "silence") await new Promise(() => {});
      else controller.close();
    },
    cancel: onLeave,
  });
  return new Response(body, { headers: { "content-type": form.contentType } });
}

/** One server-sent event without a name. */
export function sseData(data: unknown, lineEnd = "\n"): Uint8Array {
  return Buffer.from(`data: ${JSON.stringify(data)}${lineEnd}${lineEnd}`);
}

export function errorOf({ status, body, headers = {} }: Extract<Reply<unknown>, { kind: "error" }>): Response {
  return Response.json(body, { status, headers });
}
