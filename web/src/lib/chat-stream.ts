/**
 * A chat call of the Playground: the answer's chunks as they come. Rejects with ApiError for every refusal and for an
 * error within the stream; with the caller's own reason when the caller aborts.
 */
import { isJsonObject, type JsonObject, objectField, parseJson } from "../../../src/kernel/json.ts";
import { addressOf } from "./api.ts";
import { ApiError, readErrorAnswer } from "./api-error.ts";
import { EventCutter } from "./event-cutter.ts";

interface ChatAsked {
  keyId: string;
  body: JsonObject;
  signal: AbortSignal;
}

export async function* chatChunks({ keyId, body, signal }: ChatAsked): AsyncGenerator<JsonObject> {
  const response = await open({ keyId, body, signal });
  if (!response.ok || response.body === null) {
    const parsed = parseJson(await response.text());
    throw readErrorAnswer(response.status, parsed.ok ? parsed.value : null, response.headers.get("retry-after"));
  }
  const cutter = new EventCutter();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const text of cutter.push(value)) {
        const parsed = parseJson(text);
        if (!parsed.ok || !isJsonObject(parsed.value)) continue;
        if (objectField(parsed.value, "error")) throw readErrorAnswer(0, parsed.value, null);
        yield parsed.value;
      }
    }
  } catch (error) {
    if (signal.aborted || error instanceof ApiError) throw error;
    throw new ApiError({ code: "network", status: 0, message: "The answer broke off." }, { cause: error });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function open({ keyId, body, signal }: ChatAsked): Promise<Response> {
  try {
    return await fetch(addressOf("playgroundChat", { params: { id: keyId } }), {
      method: "POST",
      credentials: "same-origin",
      // How these requests are named in the logs.
      headers: { "content-type": "application/json", "x-title": "Playground" },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError({ code: "network", status: 0, message: "The server cannot be reached." }, { cause: error });
  }
}
