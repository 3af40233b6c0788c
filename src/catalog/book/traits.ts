/**
 * What is known of a model besides its price: kinds of input and output, and the parameters it takes. The price data
 * says little of it, so this is read from the model's family, from what has a price of its own (audio, images), and
 * from what the API of the provider accepts. A provider's own list and the operator's word count more than this.
 */
import { AUTHOR_OF_PROVIDER } from "../names/model-ids.ts";
import type { BookModel } from "./price-book.ts";

export interface Traits {
  inputModalities: readonly string[];
  outputModalities: readonly string[];
  supportedParameters: readonly string[];
}

const OPENAI_DIALECT = [
  "frequency_penalty",
  "max_tokens",
  "presence_penalty",
  "response_format",
  "seed",
  "stop",
  "temperature",
  "top_p",
];
/** What the APIs with a dialect of their own take of a plain request. */
const DIALECTS: Readonly<Record<string, readonly string[]>> = {
  anthropic: ["max_tokens", "stop", "temperature", "top_k", "top_p"],
  aws: ["max_tokens", "stop", "temperature", "top_p"],
  google: [...OPENAI_DIALECT, "top_k"],
  openai: [...OPENAI_DIALECT, "logit_bias", "logprobs", "top_logprobs"],
  openrouter: [...OPENAI_DIALECT, "min_p", "repetition_penalty", "top_k"],
};

const EMBEDDING = /embed|(?:^|\/)bge-(?!reranker)|voyage-|gte-|e5-/;
const RERANK = /rerank/;
const SPEECH = /tts/;
const TRANSCRIPTION = /transcribe|whisper|voxtral-mini-transcribe/;
const TOOLS =
  /gpt-[3-9](?!.*instruct)|\/o[1-9]|claude-(?!2|v1|instant)|gemini|mistral-(?:large|medium|small)|codestral|devstral|ministral|magistral|pixtral|command-(?:r|a)|llama-(?:3\.[1-3]|4)|qwen-?(?:2\.5|3|max|plus|turbo)|deepseek-(?:chat|v3|v4|r1)|grok|kimi|glm-[4-9]|minimax|gpt-oss|nova|sonar-pro/;
const REASONING =
  /gpt-[5-9]|gpt-oss|\/o[1-9]|claude-(?:3\.7|[a-z]+-(?:[4-9]))|gemini-(?:2\.5|[3-9])|deepseek-(?:r1|reasoner|v3\.[1-9]|v4)|thinking|reasoning|magistral|qwq|qwen3|grok-(?:3-mini|4)|kimi-k(?:2\.[5-9]|[3-9])|glm-(?:4\.[5-9]|[5-9])|minimax-m/;
const STRUCTURED =
  /gpt-(?:4o|4\.1|[5-9])|\/o[1-9]|gemini|grok|mistral|llama-(?:3\.[1-3]|4)|qwen3|gpt-oss|kimi|claude-[a-z]+-(?:4\.[5-9]|[5-9])/;
const VERBOSE = /openai\/gpt-[5-9](?!.*chat)/;
const FIXED_SAMPLING = /gpt-[5-9](?!.*chat)|\/o[1-9]/;
const SAMPLING = new Set([
  "temperature",
  "top_p",
  "frequency_penalty",
  "presence_penalty",
  "logprobs",
  "top_logprobs",
  "logit_bias",
]);

const SEES =
  /gpt-(?:4o|4\.1|4\.5|4-turbo|4-vision|[5-9])(?!.*(?:search|audio|realtime|transcribe|tts|oss))|chatgpt-4o|\/o[134]|claude-(?!2|v1|instant)|gemini|gemma-(?:3|4)|llama-(?:3\.2-(?:11|90)b|4)|pixtral|mistral-(?:small-3\.[1-9]|medium-3|large-3)|-vl|vision|grok-(?:4|2-vision)|nova-(?:lite|pro|premier|2)|kimi-k(?:2\.[5-9]|[3-9])|qwen3\.[5-9]|voxtral-image/;
const BLIND = /\/o1-mini|\/o3-mini|\/o1-preview/;
const HEARS = /gemini|audio|realtime|voxtral|sonic|voice/;
const WATCHES = /gemini|nova-(?:lite|pro|premier|2)/;
const READS_FILES = /claude-(?!2|3-|v1|instant)|gemini|gpt-(?:4o|4\.1|[5-9])(?!.*oss)/;

export function traitsOf(model: BookModel, provider: string): Traits {
  const id = model.id.toLowerCase();
  const output = outputsOf(id, model);
  const input = new Set(TRANSCRIPTION.test(id) ? ["audio"] : ["text"]);
  const answersText = output.includes("text");
  if (model.price?.special?.imageIn !== undefined || (answersText && SEES.test(id) && !BLIND.test(id)))
    input.add("image");
  if (answersText && READS_FILES.test(id)) input.add("file");
  if (model.price?.special?.audioIn !== undefined || (answersText && HEARS.test(id))) input.add("audio");
  if (answersText && WATCHES.test(id)) input.add("video");
  return {
    inputModalities: [...input],
    outputModalities: output,
    supportedParameters: parametersOf(id, output, provider),
  };
}

function outputsOf(id: string, model: BookModel): string[] {
  if (EMBEDDING.test(id)) return ["embeddings"];
  if (RERANK.test(id)) return ["rerank"];
  if (TRANSCRIPTION.test(id)) return ["transcription"];
  if (SPEECH.test(id)) return ["speech"];
  const output = ["text"];
  if (model.price?.special?.imageOut !== undefined || /-image/.test(id)) output.push("image");
  if (model.price?.special?.audioOut !== undefined || /-audio|realtime/.test(id)) output.push("audio");
  return output;
}

function parametersOf(id: string, output: readonly string[], provider: string): string[] {
  if (!output.includes("text")) return [];
  const found = new Set(DIALECTS[provider] ?? OPENAI_DIALECT);
  if (TOOLS.test(id)) for (const name of ["tools", "tool_choice"]) found.add(name);
  if (REASONING.test(id)) for (const name of ["include_reasoning", "reasoning"]) found.add(name);
  if (VERBOSE.test(id)) found.add("verbosity");
  if (STRUCTURED.test(id)) for (const name of ["response_format", "structured_outputs"]) found.add(name);
  const isOpenAi = id.startsWith("openai/") && (AUTHOR_OF_PROVIDER[provider] === "openai" || provider === "azure");
  if (isOpenAi && FIXED_SAMPLING.test(id)) {
    for (const name of SAMPLING) found.delete(name);
    found.add("max_completion_tokens");
  }
  return [...found].sort();
}
