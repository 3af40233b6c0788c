/** Gemini by Google AI Studio: one key in a header. */
import { arrayField, isJsonObject, type JsonValue, objectField, parseJson, stringField } from "../../../kernel/json.ts";
import type { Secret } from "../../../kernel/secret.ts";
import { type Answer, WholeAnswer } from "../../transport/answer.ts";
import { boundedText } from "../../transport/bounded-text.ts";
import type { Transport } from "../../transport/transport.ts";
import type { ProviderAdapter } from "../adapter.ts";
import { geminiDialects, geminiUrl } from "../google-gemini/dialect.ts";
import { knownGeminiModels, readGeminiModels } from "../google-gemini/gemini-models.ts";
import { geminiRequest } from "../google-gemini/sending.ts";
import type { HttpProvider, ListAnswer, ListContext, ProviderIdentity } from "../http-provider.ts";

const PAGE_SIZE = 200;
/** More pages than this are no list of models. */
const MAX_PAGES = 10;
const MAX_ERROR_BYTES = 64 * 1024;

export function googleAiStudioProvider(identity: ProviderIdentity): HttpProvider {
  const { baseUrl, slug } = identity;
  return {
    descriptor: identity,
    createAdapter: (transport) => adapter(identity, transport),
    reportsCost: false,
    collectModels: (credential, context) => collectModels(baseUrl, credential, context),
    assumedModels: knownGeminiModels(),
    readModels: (list) => readGeminiModels(list, "models"),
    acceptUnlisted: (name) => (name.startsWith(`${slug}/`) ? name.slice(slug.length + 1) : undefined),
  };
}

function adapter(identity: ProviderIdentity, transport: Transport): ProviderAdapter {
  return {
    descriptor: identity,
    dialects: geminiDialects("ai-studio", identity.name),
    send: async (attempt) => {
      const url = geminiUrl(`${identity.baseUrl}/models`, attempt, "ai-studio");
      return refusedKeyAs401(await transport.send(geminiRequest(attempt, url, keyHeader(attempt.credential))));
    },
  };
}

function keyHeader(credential: Secret | null): Record<string, string> {
  return credential === null ? {} : { "x-goog-api-key": credential.reveal() };
}

/** Google says 400 to a key that it does not know, which would look like the client's mistake. */
async function refusedKeyAs401(answer: Answer): Promise<Answer> {
  if (answer.status !== 400) return answer;
  const text = await boundedText(answer, MAX_ERROR_BYTES);
  const parsed = parseJson(text);
  const isKey = parsed.ok && isRefusedKey(parsed.value);
  return new WholeAnswer({ status: isKey ? 401 : 400, headers: answer.headers, bytes: Buffer.from(text) });
}

function isRefusedKey(body: JsonValue): boolean {
  const first = Array.isArray(body) ? body[0] : body;
  const error = isJsonObject(first) ? objectField(first, "error") : undefined;
  const details = error ? arrayField(error, "details") : [];
  return details.some((detail) => isJsonObject(detail) && /^API_KEY_/.test(stringField(detail, "reason") ?? ""));
}

async function collectModels(baseUrl: string, credential: Secret | null, { ask }: ListContext): Promise<ListAnswer> {
  const models: JsonValue[] = [];
  let pageToken = "";
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = new URLSearchParams({ pageSize: String(PAGE_SIZE), ...(pageToken === "" ? {} : { pageToken }) });
    const { status, value } = await ask({ url: `${baseUrl}/models?${query}`, headers: keyHeader(credential) });
    if (status !== 200) return { status: status === 400 && isRefusedKey(value) ? 401 : status, value };
    if (!isJsonObject(value) || !Array.isArray(value.models)) return { status, value };
    models.push(...value.models);
    pageToken = stringField(value, "nextPageToken") ?? "";
    if (pageToken === "") break;
  }
  return { status: 200, value: { models } };
}
