/** Provider dialects without a network: their bytes as canonical events, and what the events tell. */
import { vendorOf } from "../../src/catalog/vendors/vendors.ts";
import type { EventReader, UpstreamDialect } from "../../src/gateway/canonical/dialects.ts";
import type { CanonicalEvent } from "../../src/gateway/canonical/events.ts";
import { createProvider } from "../../src/gateway/providers/vendors.ts";
import { framings } from "../../src/gateway/relay/framing.ts";
import type { Told } from "./told.ts";
import type { UpstreamSide } from "./upstreams.ts";

/** The dialect as the side's vendor speaks it with its model. */
export function dialectOf({ vendor, model, dialect }: UpstreamSide): UpstreamDialect {
  const provider = createProvider[vendor]({
    slug: "acme",
    name: vendorOf(vendor).name,
    baseUrl: "https://llm.example.com",
  });
  const adapter = provider.createAdapter({ send: () => Promise.reject(new Error("no network here")) });
  const found = adapter.dialects(model).find(({ name }) => name === dialect);
  if (!found) throw new Error(`${vendor} does not speak ${dialect} with ${model}`);
  return found;
}

/** The data of each event in bytes that come in these pieces. */
export function split({ framing }: UpstreamDialect, pieces: readonly Uint8Array[]): string[] {
  const splitter = framings[framing].splitter();
  const events = pieces.flatMap((piece) => splitter.push(piece));
  return [...events, ...splitter.end()];
}

export function canonical(dialect: UpstreamDialect, data: readonly string[]): CanonicalEvent[] {
  if (!dialect.canonical) throw new Error(`${dialect.name} has no canonical side`);
  const reader: EventReader = dialect.canonical.reader();
  return data.flatMap((text) => {
    const events = reader.accept(text);
    if (events === undefined) throw new Error(`unreadable: ${text}`);
    return events;
  });
}

/** What events tell, in the words of a story. */
export function toldBy(events: readonly CanonicalEvent[]): Told {
  const story: Told = { thoughts: "", text: "", refusal: "", calls: [], picture: null, ending: "stop", usage: null };
  const calls: { id: string; name: string; text: string }[] = [];
  for (const event of events) {
    if (event.kind === "text") story.text += event.text;
    else if (event.kind === "refusal") story.refusal += event.text;
    else if (event.kind === "image") story.picture = { mediaType: event.mediaType, data: event.data };
    else if (event.kind === "tool-call") calls[event.index] = { id: event.id, name: event.name, text: "" };
    else if (event.kind === "tool-arguments") calls[event.index]!.text += event.text;
    else if (event.kind === "finish" && event.reason !== "error") story.ending = event.reason;
    else if (event.kind === "usage") {
      const { promptTokens: prompt, cachedTokens: cached } = event.usage;
      story.usage = {
        prompt,
        cached,
        completion: event.usage.completionTokens,
        reasoning: event.usage.reasoningTokens,
      };
    } else if (event.kind === "reasoning" && event.detail.kind !== "encrypted") {
      story.thoughts += event.detail.kind === "text" ? event.detail.text : event.detail.summary;
    }
  }
  return { ...story, calls: calls.map(({ id, name, text }) => ({ id, name, input: JSON.parse(text) })) };
}
