/** The family that a model is of, in OpenRouter's words for it, read from its id. The first rule that fits counts. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/claude/, "Claude"],
  [/gemma/, "Gemma"],
  [/gemini/, "Gemini"],
  [/gpt|^openai\/(?:o\d|chatgpt|codex)|davinci|text-embedding-(?:3|ada)/, "GPT"],
  [/deepseek/, "DeepSeek"],
  [/grok/, "Grok"],
  [/qwen-?3/, "Qwen3"],
  [/qwen|qwq/, "Qwen"],
  [/llama-?4/, "Llama4"],
  [/llama-?3/, "Llama3"],
  [/llama-?2/, "Llama2"],
  [/mistral|mixtral|codestral|devstral|ministral|magistral|pixtral|voxtral/, "Mistral"],
  [/^cohere\/|command-/, "Cohere"],
  [/nova-/, "Nova"],
  [/(?:^|\/)yi-/, "Yi"],
  [/palm/, "PaLM"],
  [/rwkv/, "RWKV"],
];

export function familyOf(id: string): string {
  const lower = id.toLowerCase();
  return RULES.find(([rule]) => rule.test(lower))?.[1] ?? "Other";
}
