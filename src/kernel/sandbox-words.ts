/** What the sandbox says of its models: the catalogue has it as it stands here, the dashboard says it in both languages. */
export const SANDBOX_WORDS = {
  "sandbox/chat": "Built in and free: answers by rules, never by a language model, and says so. For trying things out.",
  "sandbox/reasoning": "The sandbox with a train of thought before each answer.",
  "sandbox/embedding": "Vectors made from the words of a text: texts that share words lie close together.",
  "sandbox/rerank": "Puts the documents that share words with the query first.",
} as const;
