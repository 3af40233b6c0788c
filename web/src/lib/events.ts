/** Server-sent events of one operation. The browser connects again by itself. */
import type { OperationId } from "../../../src/contract/operations.ts";
import { type JsonValue, parseJson } from "../../../src/kernel/json.ts";
import { addressOf } from "./api.ts";

export interface EventListener {
  onOpen: () => void;
  /** The connection broke, or has not come about yet; `isRefused` where the browser does not try again by itself. */
  onBreak: (isRefused: boolean) => void;
  onEvent: (value: JsonValue) => void;
}

/** Listens until the returned function is called. What is no JSON is left out. */
export function listen(
  id: OperationId,
  query: Record<string, string | undefined>,
  listener: EventListener,
): () => void {
  const source = new EventSource(addressOf(id, { query }));
  source.onopen = () => listener.onOpen();
  source.onerror = () => listener.onBreak(source.readyState === EventSource.CLOSED);
  source.onmessage = ({ data }) => {
    const parsed = parseJson(String(data));
    if (parsed.ok) listener.onEvent(parsed.value);
  };
  return () => source.close();
}
