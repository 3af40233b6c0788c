/** The reference tables of docs/configuration.md and its translation, made from the settings themselves. */
import type { Locale } from "../kernel/locale.ts";
import type { Setting } from "./setting.ts";
import { settingEntries } from "./settings.ts";

export const REFERENCE_START = "<!-- settings: written by tools/write-reference.ts -->";
export const REFERENCE_END = "<!-- end of settings -->";

const words = {
  en: {
    file: "In the file",
    flag: "Flag",
    default: "Default",
    accepts: "Accepts",
    none: "none",
    secretFlag: "none: a command line can be read by other users",
    secretFile: (variable: string) => `\`${variable}_FILE\` may name a file that holds it.`,
  },
  id: {
    file: "Di berkas",
    flag: "Flag",
    default: "Bawaan",
    accepts: "Isi",
    none: "tidak ada",
    secretFlag: "tidak ada: baris perintah bisa dibaca pengguna lain",
    secretFile: (variable: string) => `\`${variable}_FILE\` boleh menunjuk berkas yang berisi nilainya.`,
  },
} as const;

/** One section a setting, in the order of the table. */
export function renderReference(language: Locale): string {
  return settingEntries()
    .map(([, setting]) => section(setting, language))
    .join("\n");
}

function section(setting: Setting, language: Locale): string {
  const word = words[language];
  const secretNote = setting.isSecret ? ` ${word.secretFile(setting.variable)}` : "";
  return [
    `### ${setting.variable}`,
    "",
    `${setting.summary[language]}${secretNote}`,
    "",
    `- ${word.file}: \`${setting.file}\``,
    `- ${word.flag}: ${setting.flag === null ? word.secretFlag : `\`--${setting.flag}\``}`,
    `- ${word.default}: ${defaultText(setting, language)}`,
    `- ${word.accepts}: ${setting.accepts[language]}`,
    "",
  ].join("\n");
}

function defaultText(setting: Setting, language: Locale): string {
  if (setting.default === null) return words[language].none;
  return typeof setting.default === "string" ? `\`${setting.default}\`` : setting.default[language];
}

/** `page` with a fresh reference between its two marks. Undefined when the marks are missing. */
export function withReference(page: string, language: Locale): string | undefined {
  const start = page.indexOf(REFERENCE_START);
  const end = page.indexOf(REFERENCE_END);
  if (start < 0 || end < start) return undefined;
  return `${page.slice(0, start)}${REFERENCE_START}\n\n${renderReference(language)}\n${page.slice(end)}`;
}
