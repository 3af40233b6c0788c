/** What every request for a Gemini answer has. */
import type { OutboundRequest } from "../../transport/transport.ts";
import type { Attempt } from "../adapter.ts";

export function geminiRequest(attempt: Attempt, url: string, authorization: Record<string, string>): OutboundRequest {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: attempt.streamed ? "text/event-stream" : "application/json",
    "accept-encoding": "identity",
    ...authorization,
  };
  const { body, signal } = attempt;
  return { method: "POST", url, headers, body, signal };
}
