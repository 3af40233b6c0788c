/** `@openrouter/sdk`, every operation beside chat: its own schemas parse every answer, or the call is rejected. */
import { OpenRouter } from "@openrouter/sdk";
import { HALO, must, type Scenario, type Surroundings } from "./scenario.ts";

const client = "@openrouter/sdk";
const EMBEDDING_MODEL = "sandbox/embedding";
const CHAT_MODEL = { author: "sandbox", slug: "chat" };

interface Clients {
  user: OpenRouter;
  manager: OpenRouter;
  apiKey: string;
}

function connect({ url, apiKey, managementKey }: Surroundings): Clients {
  const connected = (key: string) =>
    new OpenRouter({ apiKey: key, serverURL: `${url}/api/v1`, retryConfig: { strategy: "none" } });
  return { user: connected(apiKey), manager: connected(managementKey), apiKey };
}

/** The id of an answer that was given a moment ago. */
async function newGeneration({ user }: Clients): Promise<string> {
  const messages = [{ role: "user" as const, content: HALO }];
  const answer = await user.chat.send({ chatRequest: { model: "gpt-3.5", messages, stream: false } });
  must("choices" in answer, "an answer comes");
  return answer.id;
}

/** A new key: its hash and the key itself. */
async function newKey({ manager }: Clients): Promise<{ hash: string; key: string }> {
  const { data, key } = await manager.apiKeys.create({
    requestBody: { name: "Scenario", limit: 1, limitReset: "daily" },
  });
  return { hash: data.hash, key };
}

const operations: Record<string, (clients: Clients) => Promise<void>> = {
  "responses.send": async ({ user }) => {
    const answer = await user.responses.send({ responsesRequest: { model: "gpt-3.5", input: HALO, stream: false } });
    must("output" in answer && answer.status === "completed", "the response is complete");
  },
  "responses.send, streamed": async ({ user }) => {
    const stream = await user.responses.send({ responsesRequest: { model: "gpt-3.5", input: HALO, stream: true } });
    must(Symbol.asyncIterator in stream, "a stream comes");
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    must(types[0] === "response.created" && types.at(-1) === "response.completed", "it begins and ends as it should");
  },
  "embeddings.generate": async ({ user }) => {
    const answer = await user.embeddings.generate({
      requestBody: { model: EMBEDDING_MODEL, input: HALO, dimensions: 8 },
    });
    must(typeof answer !== "string" && answer.data[0]?.embedding.length === 8, "a vector comes");
  },
  "embeddings.listModels": async ({ user }) => {
    const { result } = await user.embeddings.listModels({});
    must(
      result.data.some(({ id }) => id === EMBEDDING_MODEL),
      "the model is listed",
    );
  },
  "rerank.rerank": async ({ user }) => {
    const requestBody = {
      model: "sandbox/rerank",
      query: "harga tiket",
      documents: ["kopi hitam", "harga tiket kereta"],
    };
    const answer = await user.rerank.rerank({ requestBody });
    must(typeof answer !== "string" && answer.results[0]?.index === 1, "the nearer document comes first");
  },
  "models.list": async ({ user }) => {
    const { result } = await user.models.list({});
    must(
      result.data.some(({ id }) => id === "sandbox/chat"),
      "the sandbox is listed",
    );
  },
  "models.count": async ({ user }) => must((await user.models.count()).data.count > 0, "models are counted"),
  "models.get": async ({ user }) => must((await user.models.get(CHAT_MODEL)).data.id === "sandbox/chat", "it is found"),
  "models.listForUser": async ({ user, apiKey }) => {
    const { result } = await user.models.listForUser({ bearer: apiKey });
    must(result.data.length > 0, "somebody's models are listed");
  },
  "endpoints.list": async ({ user }) => {
    const { data } = await user.endpoints.list(CHAT_MODEL);
    must(data.endpoints[0]?.providerName === "Sandbox", "its endpoint is shown");
  },
  "endpoints.listZdrEndpoints": async ({ user }) => {
    must(Array.isArray((await user.endpoints.listZdrEndpoints()).data), "a list comes");
  },
  "providers.list": async ({ user }) => {
    const { data } = await user.providers.list();
    must(
      data.some(({ slug }) => slug === "sandbox"),
      "the sandbox is listed",
    );
  },
  "generations.getGeneration": async (clients) => {
    const id = await newGeneration(clients);
    must((await clients.user.generations.getGeneration({ id })).data.id === id, "it is there at once");
  },
  "generations.listGenerationContent": async (clients) => {
    const id = await newGeneration(clients);
    const { data } = await clients.user.generations.listGenerationContent({ id });
    must(JSON.stringify(data).includes(HALO), "what was asked is kept, since this instance keeps it");
  },
  "generations.submitFeedback": async (clients) => {
    const generationId = await newGeneration(clients);
    const submitGenerationFeedbackRequest = { generationId, category: "latency" as const };
    await clients.manager.generations.submitFeedback({ submitGenerationFeedbackRequest });
  },
  "apiKeys.create": async (clients) => must((await newKey(clients)).key.startsWith("gpr_"), "a key comes"),
  "apiKeys.list": async (clients) => {
    const { hash } = await newKey(clients);
    const { data } = await clients.manager.apiKeys.list();
    must(
      data.some((key) => key.hash === hash),
      "the new key is listed",
    );
  },
  "apiKeys.get": async (clients) => {
    const { hash } = await newKey(clients);
    must((await clients.manager.apiKeys.get({ hash })).data.hash === hash, "the key is found");
  },
  "apiKeys.update": async (clients) => {
    const { hash } = await newKey(clients);
    const { data } = await clients.manager.apiKeys.update({ hash, requestBody: { name: "Renamed", disabled: true } });
    must(data.name === "Renamed" && data.disabled, "the key is changed");
  },
  "apiKeys.delete": async (clients) => {
    const { hash } = await newKey(clients);
    must((await clients.manager.apiKeys.delete({ hash })).deleted, "the key is deleted");
  },
  "apiKeys.getCurrentKeyMetadata": async ({ user }) => {
    must((await user.apiKeys.getCurrentKeyMetadata()).data.label.startsWith("gpr_"), "the calling key is shown");
  },
  "credits.getCredits": async ({ manager }) => {
    must((await manager.credits.getCredits()).data.totalUsage >= 0, "credits are shown");
  },
  "analytics.getUserActivity": async ({ manager }) => {
    must(Array.isArray((await manager.analytics.getUserActivity()).data), "activity is shown");
  },
  "oAuth: a code for a key": async ({ user, manager }) => {
    const { codeVerifier, codeChallenge } = await user.oAuth.createSHA256CodeChallenge();
    const { data } = await manager.oAuth.createAuthCode({
      requestBody: { callbackUrl: "https://app.example.com/back", codeChallenge, codeChallengeMethod: "S256" },
    });
    const { key } = await user.oAuth.exchangeAuthCodeForAPIKey({
      requestBody: { code: data.id, codeVerifier, codeChallengeMethod: "S256" },
    });
    must(key.startsWith("gpr_"), "the app has its key");
  },
};

export const openRouterOperationScenarios: readonly Scenario[] = Object.entries(operations).map(
  ([operation, call]) => ({
    client,
    operation,
    run: (around) => call(connect(around)),
  }),
);
