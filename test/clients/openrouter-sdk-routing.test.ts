/** Presets and what is told of routing, through OpenRouter's own package, which checks every answer against its schemas. */
import { expect, test } from "bun:test";
import { OpenRouter } from "@openrouter/sdk";
import { onEachEngine } from "../support/each-server.ts";

const user = { role: "user" as const, content: "Halo" };
const tool = {
  type: "function" as const,
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};

onEachEngine(({ start }) => {
  async function begin() {
    const server = await start();
    const person = await server.visitor().join("siti@example.com");
    const { secret } = await person.createKey();
    const client = new OpenRouter({ apiKey: secret, serverURL: `${server.url}/api/v1` });
    return { server, person, client };
  }

  test("a preset is made of a chat, keeps what both have, and every further one is a version", async () => {
    const { client } = await begin();
    const system = { role: "system" as const, content: "You are terse." };
    const chatRequest = {
      ...{ model: "gpt-3.5", messages: [system, user], temperature: 0.5, stream: false, tools: [tool] },
      provider: { order: ["sandbox"], maxPrice: { prompt: "1.50" }, dataCollection: "deny" as const },
    };
    const first = await client.presets.createPresetsChatCompletions({ slug: "Terse", chatRequest });
    expect(first.data).toMatchObject({ slug: "terse", name: "terse", status: "active" });
    expect(first.data.designatedVersion).toMatchObject({
      version: 1,
      systemPrompt: "You are terse.",
      config: {
        model: "gpt-3.5",
        temperature: 0.5,
        tools: [tool],
        provider: { order: ["sandbox"], max_price: { prompt: "1.5" }, data_collection: "deny" },
      },
    });
    expect(first.data.designatedVersion?.config).not.toHaveProperty("messages");
    expect(first.data.designatedVersion?.config).not.toHaveProperty("stream");
    const second = await client.presets.createPresetsChatCompletions({
      slug: "terse",
      chatRequest: { model: "gpt-4o", messages: [user], stream: false },
    });
    expect(second.data.id).toBe(first.data.id);
    expect(second.data.designatedVersion).toMatchObject({
      version: 2,
      systemPrompt: null,
      config: { model: "gpt-4o" },
    });
    expect((await client.presets.get({ slug: "terse" })).data).toEqual(second.data);
    const one = await client.presets.getVersion({ slug: "terse", version: "1" });
    expect(one.data).toEqual(first.data.designatedVersion as typeof one.data);
    const versions: unknown[] = [];
    for await (const page of await client.presets.listVersions({ slug: "terse", limit: 1 })) {
      versions.push(...page.result.data);
    }
    expect(versions).toMatchObject([{ version: 1 }, { version: 2 }]);
  });

  test("presets are made of messages and responses too, in the words of the chat, and listed page by page", async () => {
    const { client } = await begin();
    await client.presets.createPresetsMessages({
      slug: "m",
      messagesRequest: {
        ...{
          model: "anthropic/claude-sonnet-4.5",
          maxTokens: 99,
          messages: [user],
          system: "Be kind.",
          stopSequences: ["X"],
        },
        tools: [{ name: "weather", inputSchema: { type: "object" } }],
      },
    });
    await client.presets.createPresetsResponses({
      slug: "r",
      responsesRequest: { model: "gpt-4o", input: "Halo", instructions: "Be kind.", maxOutputTokens: 77 },
    });
    const slugs: string[] = [];
    for await (const page of await client.presets.list({ limit: 1 }))
      slugs.push(...page.result.data.map(({ slug }) => slug));
    expect(slugs).toEqual(["r", "m"]);
    const { data: made } = await client.presets.get({ slug: "m" });
    expect(made.designatedVersion).toMatchObject({ systemPrompt: "Be kind.", config: { max_tokens: 99, stop: ["X"] } });
    expect(made.designatedVersion?.config.tools).toEqual([
      { type: "function", function: { name: "weather", parameters: { type: "object" } } },
    ]);
    expect((await client.presets.get({ slug: "r" })).data.designatedVersion).toMatchObject({
      systemPrompt: "Be kind.",
      config: { model: "gpt-4o", max_tokens: 77 },
    });
  });

  test("nobody else's preset is there, and a body without anything to keep makes none", async () => {
    const { client, server } = await begin();
    const chatRequest = { model: "gpt-4o", messages: [user], stream: false };
    await client.presets.createPresetsChatCompletions({ slug: "mine", chatRequest });
    const other = await (await server.visitor().join("budi@example.com")).createKey();
    const stranger = new OpenRouter({ apiKey: other.secret, serverURL: `${server.url}/api/v1` });
    const failure = (call: Promise<unknown>) =>
      call.then(
        () => "no error",
        (error: unknown) => error,
      );
    expect(await failure(stranger.presets.get({ slug: "mine" }))).toMatchObject({ statusCode: 404 });
    expect(await failure(stranger.presets.getVersion({ slug: "mine", version: "1" }))).toMatchObject({
      statusCode: 404,
    });
    const empty = client.presets.createPresetsChatCompletions({ slug: "empty", chatRequest: { messages: [user] } });
    expect(await failure(empty)).toMatchObject({ statusCode: 400 });
    expect(await failure(client.presets.get({ slug: "empty" }))).toMatchObject({ statusCode: 404 });
  });

  test("what is told of the routing of a chat parses, whole and streamed", async () => {
    const { client } = await begin();
    const xOpenRouterMetadata = "enabled" as const;
    const chatRequest = { model: "gpt-3.5", messages: [user] };
    const whole = await client.chat.send({ xOpenRouterMetadata, chatRequest: { ...chatRequest, stream: false } });
    expect(whole).toMatchObject({
      openrouterMetadata: { requested: "gpt-3.5", attempt: 1, attempts: [{ provider: "Sandbox", status: 200 }] },
    });
    const stream = await client.chat.send({ xOpenRouterMetadata, chatRequest: { ...chatRequest, stream: true } });
    if (!(Symbol.asyncIterator in stream)) throw new Error("no stream");
    let last: unknown;
    for await (const chunk of stream) last = chunk;
    expect(last).toMatchObject({ openrouterMetadata: { endpoints: { available: [{ selected: true }] } } });
  });
});
