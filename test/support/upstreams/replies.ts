/** What a mock upstream answers, and what it saw; shared by those of every dialect. */

export type Reply<Piece> =
  /** The pieces of an answer: one for a whole answer, any number for a stream. */
  | {
      kind: "answer";
      pieces: readonly Piece[] /** The stream is sent in pieces of so many bytes. */;
      cutBytes?: number;
    }
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

/** A stream of these bytes: cut as the reply says, left open where it is one of silence. */
export function streamOf<Piece>(
  reply: Exclude<Reply<Piece>, { kind: "error" }>,
  { encode, onLeave }: { encode(piece: Piece): Uint8Array; onLeave(): void },
): ReadableStream<Uint8Array> {
  const bytes = Buffer.concat(reply.pieces.map(encode));
  const size = reply.kind === "answer" ? (reply.cutBytes ?? bytes.length) : bytes.length;
  let from = 0;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (from < bytes.length) {
        controller.enqueue(bytes.subarray(from, from + size));
        from += size;
      } else if (reply.kind === "answer") controller.close();
      else await new Promise(() => {});
    },
    cancel: onLeave,
  });
}

export function errorOf({ status, body, headers = {} }: Extract<Reply<unknown>, { kind: "error" }>): Response {
  return Response.json(body, { status, headers });
}
