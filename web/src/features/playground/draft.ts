/** What is set up and not sent yet, kept in this browser alone and for each account apart: a reload loses none of it. */
import { asChecked, isJsonObject, parseJson } from "../../../../src/kernel/json.ts";
import { readStored, writeStored } from "../../lib/storage.ts";
import type { Settings } from "./conversation.ts";

/** Raised when the shape changes: what was kept in another one is forgotten. */
const SHAPE = 1;

export interface Draft {
  /** The conversation that it belongs to. */
  id: string;
  models: readonly string[];
  settings: Settings;
}

function place(accountId: string): string {
  return `gapura.playground-draft.${accountId}`;
}

export function keptDraft(accountId: string): Draft | null {
  const parsed = parseJson(readStored(place(accountId)) ?? "null");
  if (!parsed.ok || !isJsonObject(parsed.value) || parsed.value.shape !== SHAPE) return null;
  // Nobody but this file writes there.
  return asChecked<Draft>(parsed.value.draft);
}

export function keepDraft(accountId: string, draft: Draft): void {
  writeStored(place(accountId), JSON.stringify({ shape: SHAPE, draft }));
}

/** What a page begins with: the draft, unless another conversation than its own is opened, which has its own settings. */
export function begunWith(draft: Draft | null, kept: Draft | undefined): Partial<Draft> {
  return kept !== undefined && kept.id !== draft?.id ? kept : (draft ?? {});
}
