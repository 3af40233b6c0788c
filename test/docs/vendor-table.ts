/** The table of all vendors in docs/providers.md, made from what the gateway knows of them, with a note where one is special. */
import { BASE_URL_FIELD } from "../../src/catalog/vendors/fields.ts";
import { type VendorType, vendorOf, vendorTypes } from "../../src/catalog/vendors/vendors.ts";
import type { DialectName } from "../../src/gateway/canonical/dialects.ts";
import { createProvider } from "../../src/gateway/providers/vendors.ts";
import type { Bilingual, Locale } from "../../src/kernel/locale.ts";

export const TABLE_START = "<!-- vendors: written by tools/write-vendor-table.ts -->";
export const TABLE_END = "<!-- end of vendors -->";

const HEADS: Readonly<Record<Locale, readonly string[]>> = {
  en: ["Vendor", "Short name", "Variables", "Speaks", "Good to know"],
  id: ["Vendor", "Nama pendek", "Variabel", "Dialek", "Perlu diketahui"],
};

const DIALECTS: Readonly<Record<DialectName, string>> = {
  "openai-chat": "chat",
  "openai-responses": "responses",
  "anthropic-messages": "messages",
  "google-gemini": "Gemini",
  "bedrock-converse": "Converse",
  "openai-completions": "completions",
  embeddings: "embeddings",
  rerank: "rerank",
};

const NOTES: Partial<Record<VendorType, Bilingual>> = {
  groq: {
    en: "only its reasoning models are asked to think",
    id: "hanya model penalarannya yang diminta berpikir",
  },
  mistral: {
    en: "thinking is on or off; effort is not graded",
    id: "berpikir hanya hidup atau mati; tingkat upaya tidak dibedakan",
  },
  xai: {
    en: "models that think take no penalties and no stop sequences",
    id: "model yang berpikir tidak menerima penalti dan urutan henti",
  },
  deepseek: {
    en: "turns with tool calls go back with their thoughts",
    id: "giliran dengan panggilan alat dikirim kembali beserta pikirannya",
  },
  together: { en: "no `logprobs`; prices come from its list", id: "tanpa `logprobs`; harga dari daftarnya" },
  cerebras: {
    en: "contexts and prices come from its list",
    id: "konteks dan harga dari daftarnya",
  },
  deepinfra: { en: "contexts and prices come from its list", id: "konteks dan harga dari daftarnya" },
  perplexity: {
    en: "searches the web by itself; charged as it reports, with its fee for each search; no tools",
    id: "mencari di web sendiri; dihitung sesuai laporannya, termasuk biaya tiap pencarian; tanpa alat",
  },
  cohere: { en: "thinking is on or off", id: "berpikir hanya hidup atau mati" },
  nvidia: { en: "retrieval models want an `input_type`", id: "model pencarian perlu `input_type`" },
  huggingface: {
    en: "it chooses the provider itself, so a price is known only where all of them ask the same",
    id: "ia memilih penyedianya sendiri, jadi harga diketahui hanya bila semuanya sama",
  },
  moonshot: {
    en: "Kimi models set the sampling themselves; turns with tool calls go back with their thoughts",
    id: "model Kimi mengatur sampling sendiri; giliran dengan panggilan alat dikirim kembali beserta pikirannya",
  },
  zai: { en: "the model alone chooses among the tools", id: "hanya model yang memilih alat" },
  alibaba: {
    en: "the international address; set the base URL for another region",
    id: "alamat internasional; isi base URL untuk wilayah lain",
  },
  sambanova: { en: "prices come from its list", id: "harga dari daftarnya" },
  novita: { en: "prices come from its list", id: "harga dari daftarnya" },
  nebius: { en: "prices come from its list", id: "harga dari daftarnya" },
  cloudflare: { en: "contexts and prices come from its list", id: "konteks dan harga dari daftarnya" },
  "github-models": {
    en: "a token with the permission *models: read*",
    id: "token dengan izin *models: read*",
  },
  minimax: {
    en: "thoughts are taken out of the content and put back there",
    id: "pikiran dipisahkan dari isi jawaban dan dikembalikan ke sana",
  },
  voyage: { en: "no chat", id: "tanpa chat" },
  jina: { en: "no chat; prices are not known", id: "tanpa chat; harganya tidak diketahui" },
  baseten: {
    en: "the shared models; a deployment of your own is connected as a compatible server",
    id: "model bersama; deployment sendiri disambungkan sebagai server yang kompatibel",
  },
  vercel: { en: "prices come from its list", id: "harga dari daftarnya" },
};

/** Models that answer in a dialect of their own, of vendors that are asked what they have. */
const OTHER_MODELS: Partial<Record<VendorType, readonly string[]>> = {
  "amazon-bedrock": ["cohere.embed-v4:0", "cohere.rerank-v3-5:0"],
};

/** The page with the table of the present code; undefined when it has lost the marks. */
export function withVendorTable(page: string, language: Locale): string | undefined {
  const start = page.indexOf(TABLE_START);
  const end = page.indexOf(TABLE_END);
  if (start === -1 || end < start) return undefined;
  const rows = vendorTypes.filter((type) => vendorOf(type).baseUrl !== null || vendorOf(type).slug !== null);
  const table = [HEADS[language], HEADS[language].map(() => "---"), ...rows.map((type) => rowOf(type, language))];
  const text = table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `${page.slice(0, start)}${TABLE_START}\n\n${text}\n\n${page.slice(end)}`;
}

function rowOf(type: VendorType, language: Locale): string[] {
  const { name, slug, fields } = vendorOf(type);
  const variables = fields.flatMap(({ name: field, variable }) =>
    field === BASE_URL_FIELD || variable === null ? [] : [`\`${variable}\``],
  );
  return [name, `\`${slug}\``, variables.join(", "), spoken(type).join(", "), NOTES[type]?.[language] ?? ""];
}

/** Every dialect in which some model of the vendor is asked, in one order for all. */
function spoken(type: VendorType): string[] {
  const { name, slug, baseUrl } = vendorOf(type);
  const provider = createProvider[type]({ slug: slug ?? type, name, baseUrl: baseUrl ?? "https://llm.example.com" });
  const adapter = provider.createAdapter({ send: () => Promise.reject(new Error("no network here")) });
  const models = [
    "m",
    ...(OTHER_MODELS[type] ?? []),
    ...provider.assumedModels.map(({ upstreamModel }) => upstreamModel),
  ];
  const names = new Set(models.flatMap((model) => adapter.dialects(model).map((dialect) => dialect.name)));
  return Object.entries(DIALECTS).flatMap(([dialect, word]) =>
    [...names].some((one) => one === dialect) ? [word] : [],
  );
}
