/** What a key may not call is never called, whatever door it is asked at and under whatever name. */
import { afterEach, describe, expect, test } from "bun:test";
import { bodyOf, completion, type Harness, halo, made, startDataPlane } from "../../test/support/data-plane.ts";
import { priceOf } from "../../test/support/endpoints.ts";
import { AllowedModels } from "../kernel/allowed-models.ts";

let harness: Harness;
afterEach(() => harness.stop());

/** `p0` and `p1` both serve `acme/m`, and each its own `only`. */
async function begin(entries: string[] | null): Promise<void> {
  const good = () => Response.json(completion);
  harness = await startDataPlane(good, good);
  allow(entries);
}

/** As a change of the key comes to the data plane. */
function allow(entries: string[] | null): void {
  const { key } = harness;
  key.allowedModels = entries && new AllowedModels(entries);
  key.version++;
  harness.plane.keyChanged(key);
}

function ask(path: string, body: object): Promise<Response> {
  return fetch(harness.url.replace("/chat/completions", path), {
    method: "POST",
    headers: { authorization: `Bearer ${made.key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Dialects put the facts in one of two places. */
interface Refusal {
  error: { message: string; metadata?: Record<string, unknown> };
  metadata?: Record<string, unknown>;
}

const { messages } = halo;
/** A question of each kind, without its model. */
const DOORS: readonly (readonly [string, object])[] = [
  ["/chat/completions", { messages }],
  ["/chat/completions", { messages, stream: true }],
  ["/completions", { prompt: "Halo" }],
  ["/responses", { input: "Halo" }],
  ["/messages", { messages, max_tokens: 16 }],
  ["/messages/count_tokens", { messages }],
  ["/embeddings", { input: "Halo" }],
  ["/rerank", { query: "Halo", documents: ["a", "b"] }],
];

describe("a model that the key may not call", () => {
  test("is refused at every door before anybody is asked or anything is set aside, and the refusal says what may be called", async () => {
    await begin(["p0/*", "openai/gpt-4o"]);
    for (const [path, body] of DOORS) {
      const answer = await ask(path, { ...body, model: "acme/m" });
      const { error, metadata } = (await answer.json()) as Refusal;
      const told = error.metadata ?? metadata;
      expect([path, answer.status, told?.error_code]).toEqual([path, 403, "model_not_allowed"]);
      expect(error.message).toContain("may not call acme/m. It may call: p0/*, openai/gpt-4o.");
      expect(told).toMatchObject({ models: ["acme/m"], allowed_models: ["p0/*", "openai/gpt-4o"] });
    }
    expect(harness.seen).toEqual([]);
    // A count leaves no record.
    expect(harness.kept.map(({ errorCode }) => errorCode)).toEqual(DOORS.slice(1).map(() => "model_not_allowed"));
  });

  test("is let through at every door once it is on the list, from the next call on", async () => {
    await begin(["p0/only"]);
    for (const [path, body] of DOORS) {
      allow(["acme/*"]);
      const answer = await ask(path, { ...body, model: "acme/m" });
      expect([path, (await answer.text()).includes("model_not_allowed")]).toEqual([path, false]);
      allow([]);
      expect([path, (await ask(path, { ...body, model: "acme/m" })).status]).toEqual([path, 403]);
    }
  });

  test("is not reached by another of its names", async () => {
    await begin(["p0/only"]);
    harness.catalog.setOverrides([{ id: "acme/m", provider: null, aliases: ["rapid"], price: priceOf(0) }]);
    for (const model of ["ACME/M", "rapid", "acme/m:nitro", "acme/m:free", "acme/m:online"]) {
      const refused = await bodyOf(await harness.call({ messages, model }));
      expect([model, refused.error.metadata.error_code]).toEqual([model, "model_not_allowed"]);
    }
    expect(harness.seen).toEqual([]);
    allow(["acme/m"]);
    for (const model of ["ACME/M", "rapid", "acme/m:nitro", "acme/m:free"]) {
      expect([model, (await harness.call({ messages, model })).status]).toEqual([model, 200]);
    }
  });

  test("is passed over as a fallback, and the others answer in its place", async () => {
    await begin(["p0/only"]);
    const models = ["acme/m", "p1/only", "p0/only"];
    const answer = await harness.call({ messages, models });
    expect(await answer.json()).toMatchObject({ model: "p0/only" });
    expect(harness.seen.map(({ by }) => by)).toEqual([0]);
    allow(["gone/*"]);
    const refused = await bodyOf(await harness.call({ messages, models }));
    expect(refused.error.message).toContain("may not call acme/m, p1/only, p0/only.");
  });

  test("is never chosen by a router, which refuses where nothing is left to choose from", async () => {
    await begin(["acme/*"]);
    harness.catalog.setOverrides(
      ["acme/m", "p0/only", "p1/only"].map((id, index) => ({ id, provider: null, price: priceOf(3 - index) })),
    );
    for (let call = 0; call < 3; call++)
      expect(await (await harness.call({ messages, model: "gapura/auto" })).json()).toMatchObject({ model: "acme/m" });
    allow(["gone/*"]);
    const refused = await bodyOf(await harness.call({ messages, model: "gapura/auto" }));
    expect(refused.error.metadata.error_code).toBe("model_not_allowed");
  });

  test("is refused too where a preset or the account's default names it", async () => {
    await begin(["p0/only"]);
    harness.account.presets.mail = { model: "acme/m" };
    harness.account.routing = { wishes: {}, defaultModel: "acme/m" };
    for (const body of [{ messages, preset: "mail" }, { messages, model: "@preset/mail" }, { messages }])
      expect((await harness.call(body)).status).toBe(403);
  });

  test("is refused as such where nobody serves it, and a name that nobody knows stays unknown", async () => {
    await begin(["acme/m"]);
    const codeOf = async (model: string) =>
      (await bodyOf(await harness.call({ messages, model }))).error.metadata.error_code;
    expect(await codeOf("gpt-3.5")).toBe("model_not_allowed");
    expect(await codeOf("~anthropic/claude-opus-latest")).toBe("model_not_allowed");
    expect(await codeOf("no/such-model")).toBe("model_unknown");
    allow(["openai/*"]);
    expect(await codeOf("gpt-3.5")).toBe("model_not_connected");
  });

  test("is not given from the response cache either", async () => {
    await begin(["acme/m"]);
    const headers = {
      authorization: `Bearer ${made.key}`,
      "content-type": "application/json",
      "x-openrouter-cache": "true",
    };
    expect((await harness.call(halo, { headers })).status).toBe(200);
    expect((await harness.call(halo, { headers })).headers.get("x-openrouter-cache-status")).toBe("HIT");
    allow(["p0/only"]);
    expect((await harness.call(halo, { headers })).status).toBe(403);
  });
});

test("a model that may be called and is filtered for another reason is refused for that reason", async () => {
  await begin(["acme/m"]);
  const refused = await bodyOf(await harness.call({ ...halo, models: ["p0/only"], provider: { only: ["nobody"] } }));
  expect(refused.error.metadata.error_code).toBe("endpoints_filtered");
  expect(refused.error.availability).toMatchObject({ excluded_by: ["allowed_providers", "allowed_models"] });
});

test("what stands in for a model is judged by the model that it stands in for", async () => {
  await begin(["openai/*"]);
  const sandbox = { providerSlug: "p0", providerName: "P0", modelId: "sandbox/chat", price: null };
  harness.catalog.setStandIn(sandbox);
  expect((await harness.call({ messages, model: "gpt-3.5" })).status).toBe(200);
  allow(["sandbox/*"]);
  expect((await harness.call({ messages, model: "gpt-3.5" })).status).toBe(403);
});
