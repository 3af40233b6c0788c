import type { TFunction } from "i18next";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { SANDBOX_WORDS } from "../../../../src/kernel/sandbox-words.ts";

const OWN = [
  ["sandbox/chat", "models.sandbox_chat"],
  ["sandbox/reasoning", "models.sandbox_reasoning"],
  ["sandbox/embedding", "models.sandbox_embedding"],
  ["sandbox/rerank", "models.sandbox_rerank"],
] as const;

/** What a model is. The words of the sandbox are ours and come in the reader's language, unless the operator wrote others. */
export function describedIn({ id, description }: CatalogModel, t: TFunction): string {
  const own = OWN.find(([model]) => model === id && SANDBOX_WORDS[model] === description);
  return own === undefined ? description : t(own[1]);
}
