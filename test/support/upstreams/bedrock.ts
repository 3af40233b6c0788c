/**
 * Bedrock's Converse over real HTTP, with Amazon's binary framing, and InvokeModel for vectors and rankings. It verifies the signature of every request with
 * Amazon's own signer, so that nothing is answered which Amazon would refuse. Shapes are those of Amazon's own client.
 */
import { Sha256 } from "@aws-crypto/sha256-js";
import type { ConverseResponse, ConverseStreamOutput } from "@aws-sdk/client-bedrock-runtime";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import { SignatureV4 } from "@smithy/signature-v4";
import { converseRefusal } from "./converse-rules.ts";
import { invokeRefusal } from "./invoke-rules.ts";
import { errorOf, type MockUpstream, type StreamForm, streamed } from "./replies.ts";

/** A whole answer without what the client of Amazon adds, an event by its name, or an exception by its name. */
export type BedrockPiece =
  | { whole: Pick<ConverseResponse, "output" | "stopReason" | "usage"> & Partial<ConverseResponse> }
  | { event: ConverseStreamOutput }
  | { exception: string; message: string }
  /** What a model answers that is invoked in its maker's own shape, and the tokens that Bedrock counted. */
  | { invoked: object; inputTokens?: number };

export const bedrockAccount = {
  region: "eu-central-1",
  accessKeyId: "AKIAINVENTED00000000",
  secretAccessKey: "invented/secret+access/key/0123456789abc",
};
export const bedrockApiKey = "ABSKinvented0123456789";

export interface BedrockModels {
  modelSummaries: object[];
  inferenceProfileSummaries: object[];
}

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes)),
  (text) => new TextEncoder().encode(text),
);

export const bedrockStream: StreamForm<BedrockPiece> = {
  contentType: "application/vnd.amazon.eventstream",
  encoder: () => messageOf,
};

export function startBedrockUpstream(models: BedrockModels): MockUpstream<BedrockPiece> {
  const left = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      const body = await request.text();
      if (!(await isGenuine(request, body))) {
        return Response.json({ message: "The request signature we calculated does not match." }, { status: 403 });
      }
      if (pathname === "/foundation-models") return Response.json({ modelSummaries: models.modelSummaries });
      if (pathname === "/inference-profiles") {
        return Response.json({ inferenceProfileSummaries: models.inferenceProfileSummaries });
      }
      upstream.seen.push({ path: pathname, headers: request.headers, body: JSON.parse(body) });
      const model = decodeURIComponent(pathname.split("/")[2] ?? "");
      const isInvoked = pathname.endsWith("/invoke");
      const problem = isInvoked ? invokeRefusal(model, JSON.parse(body)) : converseRefusal(JSON.parse(body));
      if (problem) return Response.json({ message: problem }, { status: 400 });
      const { reply } = upstream;
      if (reply.kind === "error") return errorOf(reply);
      if (isInvoked) return invokedOf(reply.pieces[0]);
      if (!pathname.endsWith("/converse-stream")) return Response.json(wholeOf(reply.pieces[0]));
      return streamed(reply, bedrockStream, left.resolve);
    },
  });
  const host = `127.0.0.1:${server.port}`;
  const upstream: MockUpstream<BedrockPiece> = {
    url: `http://${host}`,
    host,
    seen: [],
    left: left.promise,
    reply: { kind: "answer", pieces: [] },
    stop: () => server.stop(true),
  };
  return upstream;
}

function wholeOf(piece: BedrockPiece | undefined): object {
  if (piece === undefined || !("whole" in piece)) throw new Error("a whole answer was asked for");
  return piece.whole;
}

function invokedOf(piece: BedrockPiece | undefined): Response {
  if (piece === undefined || !("invoked" in piece)) throw new Error("a model was invoked");
  const { invoked, inputTokens } = piece;
  const headers = inputTokens === undefined ? {} : { "x-amzn-bedrock-input-token-count": String(inputTokens) };
  return Response.json(invoked, { headers: headers as Record<string, string> });
}

/** One message of the binary stream; bytes in it are base64, as in Amazon's JSON. */
export function messageOf(piece: BedrockPiece): Uint8Array {
  if ("whole" in piece || "invoked" in piece) throw new Error("a stream was asked for");
  const [name, payload] =
    "exception" in piece
      ? [piece.exception, { message: piece.message }]
      : (Object.entries(piece.event)[0] ?? ["unknown", {}]);
  const type = "exception" in piece ? "exception" : "event";
  const headers = {
    [`:${type}-type`]: { type: "string" as const, value: name },
    ":content-type": { type: "string" as const, value: "application/json" },
    ":message-type": { type: "string" as const, value: type },
  };
  return codec.encode({ headers, body: new TextEncoder().encode(JSON.stringify(payload)) });
}

/** True for a Bedrock API key, and for a request that Amazon's signer signs the same at the same time. */
async function isGenuine(request: Request, body: string): Promise<boolean> {
  const authorization = request.headers.get("authorization") ?? "";
  if (authorization === `Bearer ${bedrockApiKey}`) return true;
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(";") ?? [];
  const url = new URL(request.url);
  const { region, ...credentials } = bedrockAccount;
  const signer = new SignatureV4({ service: "bedrock", region, credentials, sha256: Sha256 });
  const stamp = request.headers.get("x-amz-date") ?? "";
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(names.map((name) => [name, request.headers.get(name) ?? ""])),
      body,
    },
    { signingDate: new Date(stamp.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, "$1-$2-$3T$4:$5:$6Z")) },
  );
  // The hash of the body is taken from the header when one is there, so it is compared on its own.
  const hash = new Bun.CryptoHasher("sha256").update(body).digest("hex");
  return signed.headers.authorization === authorization && request.headers.get("x-amz-content-sha256") === hash;
}
