/** What the sandbox says, in both languages. It always says that it is the sandbox. */
import type { Locale } from "../../../kernel/locale.ts";

const MAX_ECHO_CHARACTERS = 200;

export interface Said {
  /** The user's words without directives. */
  text: string;
  /** "2 images (1 PNG as data, 1 by address)" and the like; empty when only text came. */
  attachments: string;
  /** Results of tools since the user's words. */
  toolResults: readonly string[];
  /** The model that was asked for when it is none of the sandbox's; else empty. */
  standsInFor: string;
}

const WORDS = {
  en: {
    about:
      "This is Gapura's sandbox, the practice provider that is built in. No language model was asked: the answer follows from simple rules, costs nothing and is always the same.",
    standIn: (model: string) => `You asked for ${model}; no connected provider serves it.`,
    echo: (text: string) => `You wrote: "${text}"`,
    attachments: (list: string) => `Attached: ${list}. Nothing was downloaded or looked into.`,
    tools: (results: string) => `The tool answered: ${results}`,
    connect:
      "For answers of real models, set OPENAI_API_KEY or OPENROUTER_API_KEY and start Gapura again, or start a local server such as Ollama.",
    picture: "Here is the sandbox's picture: a small square whose colour follows from your words.",
    thoughts: [
      "This is where a reasoning model thinks; the sandbox only shows where thoughts appear.",
      "First it would take the question apart.",
      "Then it would weigh what speaks for each answer.",
      "At last it would check its result.",
    ],
  },
  id: {
    about:
      "Ini sandbox Gapura, penyedia latihan yang sudah terpasang. Tidak ada model bahasa yang ditanya: jawabannya dibuat dari aturan sederhana, gratis, dan selalu sama.",
    standIn: (model: string) => `Anda meminta ${model}, tetapi belum ada penyedia tersambung yang melayaninya.`,
    echo: (text: string) => `Anda menulis: "${text}"`,
    attachments: (list: string) => `Lampiran: ${list}. Tidak ada yang diunduh atau dibaca isinya.`,
    tools: (results: string) => `Alat itu menjawab: ${results}`,
    connect:
      "Untuk jawaban dari model sungguhan, isi OPENAI_API_KEY atau OPENROUTER_API_KEY lalu jalankan Gapura lagi, atau jalankan server lokal seperti Ollama.",
    picture: "Ini gambar dari sandbox: sebuah kotak kecil yang warnanya ditentukan oleh kata-kata Anda.",
    thoughts: [
      "Di sinilah model penalaran berpikir; sandbox hanya menunjukkan di mana pikiran itu muncul.",
      "Pertama, pertanyaannya akan diurai.",
      "Lalu alasan untuk setiap jawaban akan ditimbang.",
      "Terakhir, hasilnya akan diperiksa.",
    ],
  },
} as const;

export function replyText(locale: Locale, said: Said): string {
  const words = WORDS[locale];
  const paragraphs: string[] = [words.about];
  if (said.standsInFor !== "") paragraphs.push(words.standIn(shortened(said.standsInFor)));
  if (said.toolResults.length > 0) paragraphs.push(words.tools(shortened(said.toolResults.join(" · "))));
  else if (said.text !== "") paragraphs.push(words.echo(shortened(said.text)));
  if (said.attachments !== "") paragraphs.push(words.attachments(said.attachments));
  paragraphs.push(words.connect);
  return paragraphs.join("\n\n");
}

export function pictureText(locale: Locale): string {
  return WORDS[locale].picture;
}

/** A train of thought of one to four sentences. */
export function thoughtText(locale: Locale, sentences: number): string {
  return WORDS[locale].thoughts.slice(0, sentences).join(" ");
}

function shortened(text: string): string {
  const line = text
    .slice(0, 20 * MAX_ECHO_CHARACTERS)
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length <= MAX_ECHO_CHARACTERS ? line : `${characters.slice(0, MAX_ECHO_CHARACTERS).join("")}…`;
}
