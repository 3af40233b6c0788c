/** Asks a running Gapura, here or elsewhere, through its API, as any other program would. */
import { AddressGuard, hostAndPortOf } from "../gateway/transport/address-guard.ts";
import { boundedText } from "../gateway/transport/bounded-text.ts";
import { createTransport, TransportError } from "../gateway/transport/transport.ts";
import { isJsonObject, type JsonObject, objectField, parseJson, stringField } from "../kernel/json.ts";

const PATIENCE_MS = 30_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export interface ServerQuestion {
  /** Of the server, without `/api/v1`. */
  baseUrl: URL;
  /** Behind `/api/v1`. */
  path: string;
  apiKey: string;
  body: JsonObject;
}

export type ServerAnswer =
  | { kind: "answered"; body: JsonObject }
  /** The server says no, in its own words. */
  | { kind: "refused"; status: number; message: string }
  /** Nobody is there. */
  | { kind: "silent" }
  /** Somebody is there who does not speak as a Gapura does. */
  | { kind: "stranger"; status: number };

export async function askServer({ baseUrl, path, apiKey, body }: ServerQuestion): Promise<ServerAnswer> {
  const url = new URL(`${baseUrl.href.replace(/\/+$/, "")}/api/v1${path}`);
  // Who types an address means it, wherever it is.
  const transport = createTransport(new AddressGuard({ allowPrivate: [hostAndPortOf(url)] }));
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  try {
    const answer = await transport.send({
      method: "POST",
      url: url.href,
      headers,
      body: new TextEncoder().encode(JSON.stringify(body)),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return read(answer.status, await boundedText(answer, MAX_ANSWER_BYTES));
  } catch (error) {
    if (error instanceof TransportError) return { kind: "silent" };
    throw error;
  }
}

function read(status: number, text: string): ServerAnswer {
  const parsed = parseJson(text);
  const body = parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined;
  if (status === 200 && body !== undefined) return { kind: "answered", body };
  const message = stringField(objectField(body ?? {}, "error") ?? {}, "message");
  return message === undefined ? { kind: "stranger", status } : { kind: "refused", status, message };
}
