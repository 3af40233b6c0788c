/** What the command palette offers, what of it fits what is typed, and which of it the keyboard is at. Pure. */
import type { LucideIcon } from "lucide-react";

export interface PaletteEntry {
  /** Unique in the whole palette. */
  id: string;
  label: string;
  /** Stands beside the label, and is searched as well. */
  hint?: string;
  /** Searched, but not shown: what somebody else may call it. */
  words?: string;
  icon: LucideIcon;
  run: () => void;
}

export interface PaletteGroup {
  label: string;
  entries: readonly PaletteEntry[];
}

/** The words of a text as they are compared: without accents and capitals. */
export function wordsOf(text: string): string[] {
  return folded(text).split(/\s+/).filter(Boolean);
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Each word that is typed must stand somewhere in the text, in whatever order. */
export function fits(words: readonly string[], text: string): boolean {
  const where = folded(text);
  return words.every((word) => where.includes(word));
}

/** The groups with what fits of them; none that would be empty. */
export function narrowed(groups: readonly PaletteGroup[], typed: string): PaletteGroup[] {
  const words = wordsOf(typed);
  return groups
    .map(({ label, entries }) => ({
      label,
      entries: entries.filter((entry) => fits(words, `${entry.label} ${entry.hint ?? ""} ${entry.words ?? ""}`)),
    }))
    .filter(({ entries }) => entries.length > 0);
}

/** Where a key leads in the list, around its ends; undefined for a key that does not move. */
export function moved(count: number, from: number, key: string): number | undefined {
  if (count === 0) return undefined;
  if (key === "ArrowDown") return (from + 1) % count;
  if (key === "ArrowUp") return (from - 1 + count) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}
