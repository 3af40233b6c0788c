/**
 * Conversations of the Playground, kept in this browser alone and for each account apart. Attached files are not kept:
 * the room that a browser gives is small.
 */
import { asChecked, isJsonObject, parseJson } from "../../../../src/kernel/json.ts";
import { readStored, writeStored } from "../../lib/storage.ts";
import type { Settings, Turn } from "./conversation.ts";

const MOST_KEPT = 30;
/** Raised when the shape changes: what was kept in another one is forgotten. */
const SHAPE = 1;

export interface KeptConversation {
  id: string;
  savedAt: number;
  models: readonly string[];
  settings: Settings;
  turns: readonly Turn[];
}

function place(accountId: string): string {
  return `gapura.playground.${accountId}`;
}

export function keptConversations(accountId: string): KeptConversation[] {
  const parsed = parseJson(readStored(place(accountId)) ?? "null");
  if (!parsed.ok || !isJsonObject(parsed.value) || parsed.value.shape !== SHAPE) return [];
  // Nobody but this file writes there.
  return asChecked<KeptConversation[]>(parsed.value.kept);
}

/** The newest come first; one that is kept already is replaced. */
export function keepConversation(accountId: string, conversation: KeptConversation): void {
  if (conversation.turns.length === 0) return;
  const others = keptConversations(accountId).filter(({ id }) => id !== conversation.id);
  const turns = conversation.turns.map((turn) => ({ ...turn, attachments: [] }));
  write(accountId, [{ ...conversation, turns }, ...others].slice(0, MOST_KEPT));
}

/** Without an id all of them. */
export function forgetConversations(accountId: string, id?: string): KeptConversation[] {
  const left = id === undefined ? [] : keptConversations(accountId).filter((one) => one.id !== id);
  write(accountId, left);
  return left;
}

function write(accountId: string, kept: readonly KeptConversation[]): void {
  writeStored(place(accountId), kept.length === 0 ? null : JSON.stringify({ shape: SHAPE, kept }));
}
