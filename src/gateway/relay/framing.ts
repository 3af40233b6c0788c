/** How the events of a stream are divided on the wire, by the name that a provider's dialect gives. */
import type { UpstreamDialect } from "../canonical/dialects.ts";
import { AwsEventSplitter } from "./aws-event-stream.ts";
import { SseSplitter } from "./sse-events.ts";

/** Takes bytes that may be cut anywhere and gives the data of each event that became complete. */
export interface EventSplitter {
  push(bytes: Uint8Array): string[];
  /** Says that no more bytes come. */
  end(): string[];
}

interface Framing {
  /** What the Content-Type of such a stream holds. */
  contentType: string;
  splitter(): EventSplitter;
}

export const framings: Record<UpstreamDialect["framing"], Framing> = {
  sse: { contentType: "text/event-stream", splitter: () => new SseSplitter() },
  "aws-event-stream": {
    contentType: "application/vnd.amazon.eventstream",
    splitter: () => new AwsEventSplitter(),
  },
};
