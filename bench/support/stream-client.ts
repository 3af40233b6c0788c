/** A client of chat streams that keeps what it gets. */
import { arrayField, isJsonObject, parseJson, stringField } from "../../src/kernel/json.ts";

export interface StreamRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Called once, with the first text. */
  onFirstText?(): void;
}

export interface ReceivedStream {
  generationId: string | undefined;
  /** The texts of the first choice, one for each chunk that has one. */
  texts: string[];
  /** `[DONE]` came. Without it the stream broke off, whatever came before. */
  isDone: boolean;
}

/** Reads a stream to its end; a connection that breaks is an end like another. Throws for an answer that is no 200. */
export async function readStream(request: StreamRequest): Promise<ReceivedStream> {
  const received: ReceivedStream = { generationId: undefined, texts: [], isDone: false };
  const { url, headers, body } = request;
  const answer = await fetch(url, { method: "POST", headers, body });
  if (answer.status !== 200 || answer.body === null) throw new Error(`${answer.status}: ${await answer.text()}`);
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const bytes of answer.body) {
      const events = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) accept(event, received, request);
    }
  } catch {
    // What has come is what counts.
  }
  return received;
}

function accept(event: string, received: ReceivedStream, request: StreamRequest): void {
  if (!event.startsWith("data: ")) return;
  if (event === "data: [DONE]") {
    received.isDone = true;
    return;
  }
  const parsed = parseJson(event.slice("data: ".length));
  if (!parsed.ok || !isJsonObject(parsed.value)) return;
  received.generationId ??= stringField(parsed.value, "id");
  const [choice] = arrayField(parsed.value, "choices");
  const text = isJsonObject(choice) && isJsonObject(choice.delta) ? stringField(choice.delta, "content") : undefined;
  if (text === undefined || text === "") return;
  if (received.texts.length === 0) request.onFirstText?.();
  received.texts.push(text);
}
