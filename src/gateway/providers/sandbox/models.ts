/** The models that the sandbox offers, under its own name and free of charge. */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import type { Price } from "../../../catalog/price.ts";
import { SANDBOX_WORDS } from "../../../kernel/sandbox-words.ts";

export const SANDBOX_MODEL_ID = "sandbox/chat";
/** Like the other, and thinks before every answer. */
export const REASONING_MODEL_ID = "sandbox/reasoning";

const FREE: Price = {
  version: "sandbox:free",
  promptNanoPerMillion: 0n,
  completionNanoPerMillion: 0n,
  cachedPromptNanoPerMillion: null,
  overrides: [],
};
export const EMBEDDING_MODEL_ID = "sandbox/embedding";
export const RERANK_MODEL_ID = "sandbox/rerank";
/** Tokens of the prompt, by the sandbox's own count; longer ones are refused. */
export const CONTEXT_LENGTH = 128_000;

const common = {
  created: 0,
  contextLength: CONTEXT_LENGTH,
  maxCompletionTokens: null,
  inputModalities: ["text", "image", "file", "audio", "video"],
  outputModalities: ["text", "image"],
  supportedParameters: [
    "include_reasoning",
    "max_completion_tokens",
    "max_tokens",
    "parallel_tool_calls",
    "reasoning",
    "reasoning_effort",
    "response_format",
    "stop",
    "structured_outputs",
    "tool_choice",
    "tools",
  ],
  price: FREE,
} as const;

export const sandboxModels: readonly OfferedModel[] = [
  {
    ...common,
    id: SANDBOX_MODEL_ID,
    upstreamModel: SANDBOX_MODEL_ID,
    name: "Sandbox",
    description: SANDBOX_WORDS[SANDBOX_MODEL_ID],
  },
  {
    ...common,
    id: REASONING_MODEL_ID,
    upstreamModel: REASONING_MODEL_ID,
    name: "Sandbox (reasoning)",
    description: SANDBOX_WORDS[REASONING_MODEL_ID],
  },
  {
    ...common,
    id: EMBEDDING_MODEL_ID,
    upstreamModel: EMBEDDING_MODEL_ID,
    name: "Sandbox (embeddings)",
    description: SANDBOX_WORDS[EMBEDDING_MODEL_ID],
    inputModalities: ["text"],
    outputModalities: ["embeddings"],
    supportedParameters: [],
  },
  {
    ...common,
    id: RERANK_MODEL_ID,
    upstreamModel: RERANK_MODEL_ID,
    name: "Sandbox (rerank)",
    description: SANDBOX_WORDS[RERANK_MODEL_ID],
    inputModalities: ["text"],
    outputModalities: ["rerank"],
    supportedParameters: [],
  },
];
