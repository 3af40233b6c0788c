/** Light, dark, or as the system has it. The first paint is done by public/theme.js; both use the same name. */
import { readStored, writeStored } from "./storage.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** The texts that name them. */
export const THEME_LABELS = {
  system: "common.themeSystem",
  light: "common.themeLight",
  dark: "common.themeDark",
} as const;

const STORED_AS = "gapura.theme";

export function isTheme(text: unknown): text is Theme {
  return THEMES.some((theme) => theme === text);
}

export function currentTheme(): Theme {
  const stored = readStored(STORED_AS);
  return isTheme(stored) ? stored : "system";
}

export function chooseTheme(theme: Theme): void {
  writeStored(STORED_AS, theme === "system" ? null : theme);
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
}
