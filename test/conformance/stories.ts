/** What providers tell in the suite, as data. Add one here and every pair of dialects must carry it. */
import { type Kind, type Told, told } from "./told.ts";

export interface Story {
  title: string;
  told: Told;
  /** What a dialect must be able to say for it. */
  needs: readonly Kind[];
}

const TEXT = "Kabar baik! 👩🏽‍🌾 ꦱꦸꦒꦼꦁꦲꦺꦚ꧀ꦗꦁ – sampai jumpa di “Yogyakarta”.\n\nBaris kedua.";
const weather = (id: string, city: string) => ({ id, name: "weather", input: { city, note: 'kutip " dan \\ 🌧️' } });
const PICTURE = { mediaType: "image/png", data: "iVBORw0KGgo=" };

export const stories: readonly Story[] = [
  { title: "a text", told: told({ text: TEXT }), needs: [] },
  {
    title: "two parallel tool calls",
    told: told({ calls: [weather("call00001", "Solo"), weather("call00002", "Bandung")] }),
    needs: ["calls"],
  },
  {
    title: "a text before a tool call without arguments",
    told: told({ text: "Sebentar.", calls: [{ id: "call00003", name: "weather", input: {} }] }),
    needs: ["calls"],
  },
  { title: "thoughts before a text", told: told({ thoughts: "Hm, 🤔 sapaan.", text: TEXT }), needs: ["thoughts"] },
  {
    title: "thoughts before tool calls",
    told: told({ thoughts: "Perlu cuaca.", calls: [weather("call00004", "Solo"), weather("call00005", "Ambon")] }),
    needs: ["thoughts", "calls"],
  },
  { title: "structured output", told: told({ text: '{"city":"Surakarta","people":522364}' }), needs: [] },
  { title: "a picture", told: told({ text: "Ini gambarnya.", picture: PICTURE }), needs: ["picture"] },
  { title: "a refusal", told: told({ refusal: "Maaf, saya tidak bisa membantu itu." }), needs: ["refusal"] },
  {
    title: "an answer that a filter ended",
    told: told({ text: "Caranya ada", ending: "content_filter" }),
    needs: [],
  },
  { title: "an answer that met its limit", told: told({ text: "Satu, dua,", ending: "length" }), needs: [] },
  { title: "an empty answer", told: told({ text: "" }), needs: [] },
  { title: "an answer that nobody counted", told: told({ text: TEXT, usage: null }), needs: ["no usage"] },
];
