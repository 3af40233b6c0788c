/** Which models a key may call: set in the dashboard and by programs, in force from the next call on, kept by rotation. */
import { expect, test } from "bun:test";
import { openStorage } from "../../src/storage/open.ts";
import { createKeyStore } from "../../src/storage/stores/keys.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer } from "../support/keys.ts";
import { expectStatus, until } from "../support/visitor.ts";

onEachEngine(({ start }) => {
  test("a list of models holds from the next call on, also when another process changes it, and a rotated key keeps it", async () => {
    const server = await start();
    const person = await server.visitor().join("owner@example.com");
    const made = expectStatus(await person.dashboard("/keys", { name: "Bot", allowedModels: ["GPT-3.5"] }), 201).body;
    const { id } = made.key;
    // Whatever a model was called, the list has its own name.
    expect(made.key.allowedModels).toEqual(["openai/gpt-3.5-turbo"]);
    const call = async (model: string, secret: string = made.secret) => {
      const body = { model, messages: [{ role: "user", content: "Halo" }] };
      const answer = await server.visitor(bearer(secret)).call("/api/v1/chat/completions", { body });
      return answer.body.error?.metadata.error_code ?? answer.status;
    };
    const set = async (allowedModels: string[] | null) =>
      expectStatus(await person.dashboard(`/keys/${id}`, { allowedModels }, "PATCH"), 200).body.allowedModels;
    expect([await call("gpt-3.5"), await call("sandbox/chat")]).toEqual([200, "model_not_allowed"]);
    expect(await set(["sandbox/*"])).toEqual(["sandbox/*"]);
    expect([await call("gpt-3.5"), await call("sandbox/chat")]).toEqual(["model_not_allowed", 200]);
    expect(await set([])).toEqual([]);
    expect(await call("sandbox/chat")).toBe("model_not_allowed");

    const storage = await openStorage(server.place);
    const { user_id } = await storage.db.selectFrom("api_key").select("user_id").executeTakeFirstOrThrow();
    await createKeyStore(storage.db).update(user_id, id, { allowedModels: ["sandbox/chat"] }, Date.now());
    await storage.close();
    await until(async () => (await call("sandbox/chat")) === 200);
    const models = await server.visitor(bearer(made.secret)).call("/api/v1/models/user");
    expect(models.body.data.map((model: { id: string }) => model.id)).toEqual(["sandbox/chat"]);

    const { key, secret } = expectStatus(
      await person.dashboard(`/keys/${id}/rotation`, { overlapSeconds: 3_600 }),
      200,
    ).body;
    expect(key.allowedModels).toEqual(["sandbox/chat"]);
    for (const one of [made.secret, secret])
      expect([await call("sandbox/chat", one), await call("gpt-3.5", one)]).toEqual([200, "model_not_allowed"]);
    expect(await set(null)).toBeNull();
    expect(await call("gpt-3.5", secret)).toBe(200);
    const { entries } = (await person.dashboard("/audit?action=key.change")).body;
    expect(entries.map(({ before, after }: Record<string, object>) => [before, after])).toContainEqual([
      { allowedModels: ["openai/gpt-3.5-turbo"] },
      { allowedModels: ["sandbox/*"] },
    ]);
  });

  test("programs set the list through the key API, are told which entries hold nothing, and what is wrong with the rest", async () => {
    const server = await start();
    const person = await server.visitor().join("owner@example.com");
    const { secret } = expectStatus(await person.dashboard("/keys", { name: "Admin", kind: "management" }), 201).body;
    const program = server.visitor(bearer(secret));
    const wished = ["gpt-3.5", "sandbox/*", "acme/*", "acme/new-model", "Acme/*"];
    const created = await program.call("/api/v1/keys", { body: { name: "By API", allowed_models: wished } });
    const stored = ["openai/gpt-3.5-turbo", "sandbox/*", "acme/*", "acme/new-model"];
    expect([created.status, created.body.data.allowed_models]).toEqual([201, stored]);
    expect(created.body.unmatched_models).toEqual(["openai/gpt-3.5-turbo", "acme/*", "acme/new-model"]);
    const path = `/api/v1/keys/${created.body.data.hash}`;
    const change = (allowed_models: unknown) => program.call(path, { method: "PATCH", body: { allowed_models } });
    for (const [wrong, words] of [
      ["openai/*", "Invalid input"],
      [[7], "must be a model such as"],
      [["open ai/gpt"], "must be a model such as"],
      [["~openai/gpt-latest"], "is the newest of a family"],
      [["openai/gpt-4o:nitro"], "says how a model is served"],
      [["nonsense"], "is no model that is known here"],
      [Array.from({ length: 101 }, (_, index) => `acme/m${index}`), "must not have more than 100 entries"],
    ] as const) {
      const answer = await change(wrong);
      expect([wrong, answer.status]).toEqual([wrong, 400]);
      expect(answer.body.error.message).toContain(words);
    }
    expect((await program.call(path)).body.data.allowed_models).toEqual(stored);
    expectStatus(await change(null), 200);
    const bound = { name: "Admin", kind: "management", allowedModels: ["sandbox/*"] };
    expectStatus(await person.dashboard("/keys", bound), 400);
  });
});
