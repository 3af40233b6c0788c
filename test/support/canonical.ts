/** Canonical requests for tests of provider dialects: one short message, and whatever a test is about. */
import { type CanonicalRequest, NO_SAMPLING } from "../../src/gateway/canonical/request.ts";

export function canonicalRequest(given: Partial<CanonicalRequest> = {}): CanonicalRequest {
  return {
    model: "acme/m",
    streamed: false,
    messages: [{ role: "user", name: null, parts: [{ kind: "text", text: "Halo", cache: null }] }],
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    responseFormat: null,
    reasoning: null,
    sampling: NO_SAMPLING,
    maxOutputTokens: null,
    stop: [],
    modalities: [],
    audio: null,
    imageConfig: null,
    prediction: null,
    verbosity: null,
    serviceTier: null,
    user: null,
    metadata: null,
    promptCacheKey: null,
    cache: null,
    extras: {},
    ...given,
  };
}

/** A wish to think of which only a part is said. */
export function wish(given: Partial<NonNullable<CanonicalRequest["reasoning"]>>): CanonicalRequest["reasoning"] {
  return { enabled: null, effort: null, maxTokens: null, exclude: null, summary: null, ...given };
}
