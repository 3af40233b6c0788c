/** The text completions dialect as it comes in: a prompt instead of messages. */
import type { JsonValue } from "../../../kernel/json.ts";
import type { ClientRequest, ModelHints } from "../../canonical/dialects.ts";
import { type CanonicalRequest, NO_SAMPLING } from "../../canonical/request.ts";
import { Fields, invalidField } from "../fields.ts";
import { readRouting } from "../model-names.ts";
import { readSampling } from "../openai-chat/to-canonical.ts";
import type { JsonBody } from "../read-body.ts";

/** Throws GapuraError: model_missing, invalid_field. */
export function readCompletionsRequest(body: JsonBody, hints: ModelHints): ClientRequest {
  const request = readRouting(body, hints);
  checkPrompt(body.value.prompt);
  return request;
}

/** A text, texts, token numbers, or lists of them: what a server of the dialect takes. */
function checkPrompt(prompt: JsonValue | undefined): void {
  if (prompt === undefined || prompt === null) throw invalidField("prompt", "is missing; send a text");
  if (typeof prompt === "string") return;
  if (!Array.isArray(prompt)) throw invalidField("prompt", "must be a text or a list of texts");
  if (prompt.length === 0) throw invalidField("prompt", "must hold at least one text");
  const isPrompt = (item: JsonValue) => ["string", "number"].includes(typeof item) || Array.isArray(item);
  const wrong = prompt.findIndex((item) => !isPrompt(item));
  if (wrong !== -1) throw invalidField(`prompt[${wrong}]`, "must be a text");
}

/** What is read here or steers the gateway; everything else is an extra. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["model", "models", "prompt", "stream", "stream_options", "provider", "plugins", "preset", "route", "transforms"],
  ...["usage", "debug", "trace", "session_id", "sandbox", "echo"],
  ...["temperature", "top_p", "top_k", "min_p", "top_a", "frequency_penalty", "presence_penalty", "repetition_penalty"],
  ...["seed", "logit_bias", "logprobs", "top_logprobs", "max_tokens", "max_completion_tokens", "stop", "user"],
]);
/** Values that ask for what happens anyway. */
const DEFAULTS: Readonly<Record<string, unknown>> = { n: 1, best_of: 1, suffix: "" };

/** One message of the user with the prompt. Throws GapuraError invalid_field. */
export function completionsToCanonical(request: ClientRequest): CanonicalRequest {
  const fields = new Fields(request.body.value);
  const others = Object.entries(fields.others(KNOWN));
  const topLogprobs = fields.whole("logprobs");
  return {
    model: request.models[0] ?? "",
    streamed: request.streamed,
    messages: [{ role: "user", name: null, parts: [{ kind: "text", text: onePrompt(request), cache: null }] }],
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    responseFormat: null,
    reasoning: null,
    sampling: {
      ...NO_SAMPLING,
      ...readSampling(new Fields({ ...fields.object, logprobs: null, top_logprobs: null })),
      ...(topLogprobs === null ? {} : { logprobs: true, topLogprobs }),
    },
    maxOutputTokens: fields.whole("max_completion_tokens", 1) ?? fields.whole("max_tokens", 1),
    stop: typeof fields.object.stop === "string" ? [fields.object.stop] : fields.texts("stop"),
    modalities: [],
    audio: null,
    imageConfig: null,
    prediction: null,
    verbosity: null,
    serviceTier: null,
    user: fields.text("user"),
    metadata: null,
    promptCacheKey: null,
    cache: null,
    extras: Object.fromEntries(others.filter(([name, value]) => value !== null && value !== DEFAULTS[name])),
  };
}

/** The one text of a prompt. Throws GapuraError invalid_field for what only a server of the dialect can answer. */
function onePrompt({ body }: ClientRequest): string {
  const { prompt } = body.value;
  const [first, ...more] = Array.isArray(prompt) ? prompt : [prompt];
  if (typeof first !== "string") {
    throw invalidField("prompt", "holds token numbers, which this model cannot read; send the text");
  }
  if (more.length > 0) {
    throw invalidField("prompt", "holds several texts, but this model answers one at a time; send a request for each");
  }
  return first;
}

/** The prompt, where the client wants it repeated before the answer. */
export function echoedPrompt(request: ClientRequest): string {
  return request.body.value.echo === true ? onePrompt(request) : "";
}
