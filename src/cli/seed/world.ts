/** Who uses the invented instance, and with what: accounts with keys and apps, models with providers and prices. */

export interface SeedModel {
  id: string;
  /** How often it is asked beside the others. */
  weight: number;
  providers: readonly SeedProvider[];
  /** Nano-dollars for one token. */
  inputNano: number;
  outputNano: number;
  /** Tokens of a usual request and answer. */
  promptTokens: number;
  completionTokens: number;
}

export interface SeedProvider {
  slug: string;
  name: string;
  /** Milliseconds of a usual wait for the first token, and for each token after it. */
  firstTokenMs: number;
  tokenMs: number;
  /** Of all calls. */
  failureShare: number;
}

export interface SeedAccount {
  name: string;
  email: string;
  /** How much it uses beside the others. */
  weight: number;
  keys: readonly { name: string; weight: number; app: string | null; models: readonly number[] }[];
}

type Speed = [firstTokenMs: number, tokenMs: number, failureShare: number];
const provider = (slug: string, name: string, [firstTokenMs, tokenMs, failureShare]: Speed): SeedProvider => ({
  slug,
  name,
  firstTokenMs,
  tokenMs,
  failureShare,
});

const OPENAI = provider("openai", "OpenAI", [420, 9, 0.004]);
const AZURE = provider("azure", "Azure", [510, 10, 0.002]);
const ANTHROPIC = provider("anthropic", "Anthropic", [780, 14, 0.006]);
const BEDROCK = provider("amazon-bedrock", "Amazon Bedrock", [940, 16, 0.003]);
const GOOGLE = provider("google-ai-studio", "Google AI Studio", [350, 6, 0.008]);
const GROQ = provider("groq", "Groq", [110, 2, 0.015]);
const TOGETHER = provider("together", "Together", [290, 7, 0.01]);
const DEEPSEEK = provider("deepseek", "DeepSeek", [1_100, 22, 0.02]);

interface Usual {
  weight: number;
  price: [inputNano: number, outputNano: number];
  tokens: [prompt: number, completion: number];
}

const model = (id: string, providers: SeedProvider[], { weight, price, tokens }: Usual): SeedModel => ({
  id,
  providers,
  weight,
  inputNano: price[0],
  outputNano: price[1],
  promptTokens: tokens[0],
  completionTokens: tokens[1],
});

export const SEED_MODELS: readonly SeedModel[] = [
  model("openai/gpt-4o-mini", [OPENAI, AZURE], { weight: 30, price: [150, 600], tokens: [900, 220] }),
  model("openai/gpt-4o", [OPENAI, AZURE], { weight: 9, price: [2_500, 10_000], tokens: [1_400, 350] }),
  model("anthropic/claude-sonnet-4.5", [ANTHROPIC, BEDROCK], {
    weight: 12,
    price: [3_000, 15_000],
    tokens: [3_200, 600],
  }),
  model("anthropic/claude-haiku-4.5", [ANTHROPIC, BEDROCK], {
    weight: 10,
    price: [1_000, 5_000],
    tokens: [1_500, 300],
  }),
  model("google/gemini-2.5-flash", [GOOGLE], { weight: 16, price: [300, 2_500], tokens: [1_100, 260] }),
  model("meta-llama/llama-3.3-70b-instruct", [GROQ, TOGETHER], { weight: 14, price: [590, 790], tokens: [700, 180] }),
  model("deepseek/deepseek-chat", [DEEPSEEK], { weight: 6, price: [270, 1_100], tokens: [1_800, 500] }),
  model("openai/text-embedding-3-small", [OPENAI], { weight: 8, price: [20, 0], tokens: [480, 0] }),
];

const ALL = SEED_MODELS.map((_, index) => index);

export const SEED_ACCOUNTS: readonly SeedAccount[] = [
  {
    name: "Siti Rahma",
    email: "siti@example.com",
    weight: 46,
    keys: [
      { name: "Website chatbot", weight: 44, app: "Tanya Siti", models: [0, 4, 5] },
      { name: "Coding assistant", weight: 22, app: "Kode", models: [2, 3, 6] },
      { name: "Document search", weight: 18, app: "Arsip", models: [7, 0] },
      { name: "Notebook", weight: 9, app: null, models: ALL },
      { name: "Project Video Generator", weight: 7, app: "Video", models: [1, 2] },
    ],
  },
  {
    name: "Budi Santoso",
    email: "budi@example.com",
    weight: 30,
    keys: [
      { name: "Kasir", weight: 60, app: "Kasir Pintar", models: [0, 5] },
      { name: "Laporan harian", weight: 25, app: "Laporan", models: [1, 3] },
      { name: "Percobaan", weight: 15, app: null, models: ALL },
    ],
  },
  {
    name: "Dewi Lestari",
    email: "dewi@example.com",
    weight: 16,
    keys: [
      { name: "Terjemahan", weight: 70, app: "Alih Bahasa", models: [4, 0] },
      { name: "Skripsi", weight: 30, app: null, models: [2, 6] },
    ],
  },
  {
    name: "Agus Wijaya",
    email: "agus@example.com",
    weight: 8,
    keys: [{ name: "Bot Telegram", weight: 100, app: "Bot Pak RT", models: [5, 4, 0] }],
  },
];
