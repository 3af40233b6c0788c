/** Asks a running Gapura, through its API, as any other program would. */
import { AddressGuard, hostAndPortOf } from "../gateway/transport/address-guard.ts";
import { boundedText } from "../gateway/transport/bounded-text.ts";
import { createTransport, TransportError } from "../gateway/transport/transport.ts";
import { isJsonObject, type JsonObject, objectField, parseJson, stringField } from "../kernel/json.ts";
import { CliError, exitCodes, failure, usageError } from "./exit.ts";

const PATIENCE_MS = 30_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export interface ServerQuestion {
  /** Of the server, without `/api/v1`. */
  baseUrl: string;
  /** Behind `/api/v1`. */
  path: string;
  apiKey: string;
  body: JsonObject;
}

/** Resolves to the answer's JSON. Throws CliError: nobody there, a key that is refused, whatever the server says no to. */
export async function askServer({ baseUrl, path, apiKey, body }: ServerQuestion): Promise<JsonObject> {
  const url = urlOf(`${baseUrl.replace(/\/+$/, "")}/api/v1${path}`);
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
    return read(answer.status, await boundedText(answer, MAX_ANSWER_BYTES), baseUrl);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw failure(`No Gapura answers at ${baseUrl}.`, "Start it with: gapura serve", "Another one: --url <address>");
  }
}

function read(status: number, text: string, baseUrl: string): JsonObject {
  const parsed = parseJson(text);
  const answer = parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined;
  if (status === 200 && answer !== undefined) return answer;
  const message = stringField(objectField(answer ?? {}, "error") ?? {}, "message");
  if (message === undefined) throw failure(`What answers at ${baseUrl} is no Gapura (status ${status}).`);
  throw new CliError(status === 401 || status === 403 ? exitCodes.auth : exitCodes.failure, message);
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw usageError(`${text} is no address.`, "For example: --url https://gapura.example.com");
}
