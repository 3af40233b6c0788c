/** Who would answer a request, and why: the dry run of the server that runs, which knows how its providers are doing. */
import { readFileSync } from "node:fs";
import { CALL_KINDS, type CallKind, type DryRun, dryRunQuery, dryRunSchema } from "../../contract/schemas/dry-run.ts";
import { isJsonObject, type JsonObject, objectField, parseJson } from "../../kernel/json.ts";
import { askServer } from "../../main/ask-server.ts";
import { passedOverWords } from "../../main/dry-run.ts";
import { type Command, type CommandInput, textOption } from "../command.ts";
import { CliError, exitCodes, failure, usageError } from "../exit.ts";
import { table } from "../terminal.ts";

export const routeCommand: Command = {
  words: ["route"],
  summary: "Show which providers would answer a request, in which order and why, without asking any",
  positionals: ["model?"],
  options: {
    api: { type: "string", placeholder: "<call>", summary: `Which call it is: ${CALL_KINDS.join(", ")}; else chat` },
    body: { type: "string", placeholder: "<file>", summary: "The request itself, as JSON; - is standard input" },
    order: { type: "string", placeholder: "<providers>", summary: "Try these first, in this order" },
    only: { type: "string", placeholder: "<providers>", summary: "Nobody else" },
    ignore: { type: "string", placeholder: "<providers>", summary: "Not these" },
    sort: { type: "string", placeholder: "<by>", summary: "By price, throughput, latency or exacto" },
    zdr: { type: "boolean", summary: "Only who keeps nothing of a request" },
    "no-fallbacks": { type: "boolean", summary: "Of each model one endpoint, or those in --order, and no other" },
    preset: { type: "string", placeholder: "<name>", summary: "Fill the request in with this preset" },
    url: { type: "string", placeholder: "<address>", summary: "The server to ask, without it the one of this machine" },
  },
  examples: [
    { line: "route openai/gpt-4o", meaning: "A short chat; the key of the account is in GAPURA_API_KEY" },
    { line: "route gpt-3.5:floor --ignore groq,azure", meaning: "The cheapest first, and two providers never" },
    { line: "route --body request.json --api responses", meaning: "A request of your own, with its own wishes" },
    { line: "route openai/gpt-4o --json | jq '.endpoints[0].provider'", meaning: "For a program" },
  ],
  takesSettings: true,
  run: async (input) => {
    const kind = kindOf(input);
    const body = bodyOf(input, kind);
    const baseUrl = urlOf(textOption(input, "url") ?? input.config().baseUrl);
    const { apiKey } = input;
    if (apiKey === undefined) {
      throw usageError(
        "It takes a key to ask: what an account allows is part of the answer.",
        "Put one of your API keys into the environment variable GAPURA_API_KEY.",
        'A new one: export GAPURA_API_KEY="$(gapura keys create Route)"',
      );
    }
    const data = await asked({ baseUrl, path: `/routing/dry-run?api=${kind}`, apiKey, body });
    if (input.json) input.terminal.out(JSON.stringify(data));
    else print(input, data);
    return data.refusal === null ? exitCodes.ok : exitCodes.failure;
  },
};

async function asked(question: Parameters<typeof askServer>[0]): Promise<DryRun> {
  const where = question.baseUrl.origin;
  const answer = await askServer(question);
  switch (answer.kind) {
    case "silent":
      throw failure(`No Gapura answers at ${where}.`, "Start it with: gapura serve", "Another one: --url <address>");
    case "stranger":
      throw failure(`What answers at ${where} is no Gapura (status ${answer.status}).`);
    case "refused":
      throw new CliError(answer.status === 401 ? exitCodes.auth : exitCodes.failure, answer.message);
    case "answered": {
      const checked = dryRunSchema.safeParse(answer.body);
      if (checked.success) return checked.data.data;
      throw failure(`The server at ${where} is of another version than this program.`);
    }
  }
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw usageError(`${text} is no address.`, "For example: --url https://gapura.example.com");
}

function kindOf(input: CommandInput): CallKind {
  const checked = dryRunQuery.safeParse({ api: textOption(input, "api") });
  if (checked.success) return checked.data.api;
  throw usageError("--api names no call.", `One of: ${CALL_KINDS.join(", ")}`);
}

const SHORTEST: Record<CallKind, JsonObject> = {
  chat: { messages: [{ role: "user", content: "Hello" }] },
  completions: { prompt: "Hello" },
  responses: { input: "Hello" },
  messages: { messages: [{ role: "user", content: "Hello" }], max_tokens: 1_000 },
  embeddings: { input: "Hello" },
  rerank: { query: "Hello", documents: ["Hello"] },
};

/** The request in the file, or a short one, with what the options say. */
function bodyOf(input: CommandInput, kind: CallKind): JsonObject {
  const file = textOption(input, "body");
  const given = file === undefined ? SHORTEST[kind] : readBody(file);
  const [model] = input.positionals;
  const preset = textOption(input, "preset");
  const provider = { ...objectField(given, "provider"), ...wishesOf(input) };
  return {
    ...given,
    ...(model === undefined ? {} : { model }),
    ...(preset === undefined ? {} : { preset }),
    ...(Object.keys(provider).length === 0 ? {} : { provider }),
  };
}

function wishesOf(input: CommandInput): JsonObject {
  const list = (name: string): JsonObject => {
    const text = textOption(input, name);
    return text === undefined ? {} : { [name]: text.split(",").map((slug) => slug.trim()) };
  };
  const sort = textOption(input, "sort");
  return {
    ...list("order"),
    ...list("only"),
    ...list("ignore"),
    ...(sort === undefined ? {} : { sort }),
    ...(input.options.zdr === true ? { zdr: true } : {}),
    ...(input.options["no-fallbacks"] === true ? { allow_fallbacks: false } : {}),
  };
}

function readBody(file: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch {
    throw usageError(`${file} cannot be read.`);
  }
  const parsed = parseJson(text);
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  throw usageError(`${file === "-" ? "Standard input" : file} holds no JSON object.`);
}

function print({ terminal }: CommandInput, { endpoints, passed_over, refusal }: DryRun): void {
  const rows = endpoints.map((endpoint, index) => [
    `${index + 1}.`,
    ...namesOf(endpoint),
    priceOf(endpoint),
    endpoint.problem ?? endpoint.reason,
  ]);
  for (const line of table(rows)) terminal.out(line);
  if (passed_over.length > 0) terminal.out(`${endpoints.length > 0 ? "\n" : ""}Passed over:`);
  for (const line of table(passed_over.map((one) => [...namesOf(one), passedOverWords(one.because)]))) {
    terminal.out(`  ${line}`);
  }
  if (refusal !== null) terminal.note(`${terminal.paint("refused", "red", "note")} ${refusal.message}`);
}

type Shown = DryRun["endpoints"][number] | DryRun["passed_over"][number];

function namesOf({ provider_name, endpoint, model }: Shown): string[] {
  return [provider_name, endpoint, model];
}

function priceOf({ price }: Shown): string {
  return price === null ? "price unknown" : `$${price.prompt} in, $${price.completion} out`;
}
