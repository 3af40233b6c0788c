/** What a request, its account and its presets say of routing, over real HTTP. */
import { afterEach, describe, expect, test } from "bun:test";
import { bodyOf, completion, type Harness, halo, startDataPlane } from "../../../test/support/data-plane.ts";
import { priceOf } from "../../../test/support/endpoints.ts";

let harness: Harness;
afterEach(() => harness.stop());

const good = () => Response.json(completion);
const messages = halo.messages;

/** Dollars per million tokens of `acme/m`, for each provider in turn. */
function setPrices(...dollars: number[]): void {
  const cached = { cachedPromptNanoPerMillion: 1n };
  harness.catalog.setOverrides(
    dollars.map((usd, index) => ({ id: "acme/m", provider: `p${index}`, price: { ...priceOf(usd), ...cached } })),
  );
}

async function answeredBy(body: object, init?: RequestInit): Promise<string> {
  return (await bodyOf(await harness.call(body, init))).provider;
}

describe("prices", () => {
  test("let the cheapest go first, and sort=price does so always", async () => {
    harness = await startDataPlane(good, good, good);
    setPrices(3, 1, 2);
    expect(await answeredBy({ ...halo, provider: { sort: "price" } })).toBe("P1");
    expect(await answeredBy({ ...halo, model: "acme/m:floor" })).toBe("P1");
    expect(harness.kept[0]?.attempts[0]?.reason).toBe("next by price");
    // Of a draw that begins with the cheapest, the first number takes the cheapest.
    expect(await answeredBy(halo)).toBe("P1");
    expect(harness.kept[2]?.attempts[0]?.reason).toStartWith("drawn by price (73 % of requests)");
  });

  test("bound what is tried", async () => {
    harness = await startDataPlane(good, good);
    setPrices(3, 1);
    expect(await answeredBy({ ...halo, provider: { order: ["p0"], max_price: { prompt: "2" } } })).toBe("P1");
    const refused = await bodyOf(await harness.call({ ...halo, provider: { max_price: { completion: 0.5 } } }));
    expect(refused.error.availability).toMatchObject({ excluded_by: ["max_price"] });
  });
});

describe("an account's settings", () => {
  test("keep providers out of every request, and what a request allows is not allowed by that", async () => {
    harness = await startDataPlane(good, good, good);
    harness.account.routing = { wishes: { only: ["p1", "p2"], ignore: ["p2"] }, defaultModel: null };
    expect(await answeredBy(halo)).toBe("P1");
    const refused = await bodyOf(await harness.call({ ...halo, provider: { only: ["p0", "p2"] } }));
    expect(refused.error.availability).toMatchObject({ excluded_by: ["allowed_providers", "ignored_providers"] });
  });

  test("choose the model of a request that names none", async () => {
    harness = await startDataPlane(good);
    harness.account.routing = { wishes: {}, defaultModel: "p0/only" };
    expect(await (await harness.call({ messages })).json()).toMatchObject({ model: "p0/only" });
  });
});

describe("a preset", () => {
  test("brings model, parameters and wishes, and the record names it", async () => {
    harness = await startDataPlane(good, good);
    harness.account.presets.mail = {
      model: "acme/m",
      temperature: 0.2,
      system: "Be brief.",
      provider: { only: ["p1"] },
    };
    expect(await answeredBy({ model: "@preset/mail", messages })).toBe("P1");
    expect(JSON.parse(harness.seen[0]?.body ?? "")).toEqual({
      model: "acme/m",
      temperature: 0.2,
      messages: [{ role: "system", content: "Be brief." }, ...messages],
    });
    expect(harness.kept[0]).toMatchObject({ modelRequested: "acme/m", presetId: "preset_mail" });
    const refused = await harness.call({ model: "@preset/mail", messages, provider: { only: ["p0"] } });
    expect(refused.status).toBe(404);
  });

  test("that is unknown is refused before anybody is asked", async () => {
    harness = await startDataPlane(good);
    const refused = await bodyOf(await harness.call({ ...halo, preset: "letter" }));
    expect([refused.error.code, refused.error.metadata.error_code]).toEqual([404, "preset_unknown"]);
    expect(harness.seen).toHaveLength(0);
  });
});

describe("a conversation", () => {
  const cached = { ...completion.usage, prompt_tokens_details: { cached_tokens: 8 } };
  const fromCache = () => Response.json({ ...completion, usage: cached });

  test("stays where its beginning is cached, also when that has become dearer", async () => {
    harness = await startDataPlane(fromCache, good);
    setPrices(1, 2);
    expect(await answeredBy(halo)).toBe("P0");
    setPrices(2, 1);
    const next = { ...halo, messages: [...messages, { role: "assistant", content: "Baik!" }, ...messages] };
    expect(await answeredBy(next)).toBe("P0");
    expect(harness.kept[1]?.attempts[0]?.reason).toBe("answered this conversation before");
    const another = { ...halo, messages: [{ role: "user", content: "Selamat pagi" }] };
    expect(await answeredBy(another)).toBe("P1");
    expect(await answeredBy({ ...next, provider: { order: ["p1"] } })).toBe("P1");
  });

  test("with a session stays from the first answer on, and a failure does not move it", async () => {
    let isDown = false;
    harness = await startDataPlane(() => (isDown ? new Response(null, { status: 500 }) : good()), good);
    setPrices(1, 2);
    const session = { ...halo, session_id: "s-1" };
    expect(await answeredBy(session)).toBe("P0");
    setPrices(2, 1);
    isDown = true;
    expect(await answeredBy(session)).toBe("P1");
    isDown = false;
    expect(await answeredBy(session)).toBe("P0");
    harness.pass(11 * 60_000);
    expect(await answeredBy(session)).toBe("P1");
  });
});

describe("a suffix of the model's name", () => {
  test("that is no entry of its own becomes a wish where it can, and else says what is missing", async () => {
    harness = await startDataPlane(good, good);
    harness.catalog.setOverrides([{ id: "acme/m", provider: "p1", price: priceOf(0) }]);
    expect(await answeredBy({ ...halo, model: "acme/m:free" })).toBe("P1");
    await harness.call({ ...halo, model: "acme/m:thinking" });
    expect(JSON.parse(harness.seen[1]?.body ?? "")).toMatchObject({ model: "acme/m", reasoning_effort: "medium" });
    const extended = await bodyOf(await harness.call({ ...halo, model: "acme/m:extended" }));
    expect([extended.error.code, extended.error.metadata.error_code]).toEqual([404, "variant_unavailable"]);
    const online = await harness.call({ ...halo, model: "acme/m:online:nitro" });
    expect(online.headers.get("x-gapura-dropped-parameters")).toBe("plugins");
  });

  test("of what is free leads nowhere when nothing is", async () => {
    harness = await startDataPlane(good);
    const { error } = await bodyOf(await harness.call({ ...halo, model: "acme/m:free" }));
    expect(error.availability).toMatchObject({ code: "free_variant_ended", excluded_by: ["free_variant"] });
  });
});

describe("a model that the gateway chooses", () => {
  test("is named in the answer, and the record says which router chose it", async () => {
    harness = await startDataPlane(good);
    const answer = await harness.call({ model: "openrouter/auto", messages }, undefined);
    expect(await answer.json()).toMatchObject({ model: "acme/m", provider: "P0" });
    expect(harness.kept[0]).toMatchObject({ modelRequested: "openrouter/auto", router: "openrouter/auto" });
  });

  test("keeps to the plugin's models, and says so when none is left", async () => {
    harness = await startDataPlane(good, good);
    const plugins = (fields: object) => [{ id: "auto-router", ...fields }];
    const only = { model: "gapura/auto", messages, plugins: plugins({ allowed_models: ["p1/*"] }) };
    const answer = await harness.call(only);
    expect(answer.headers.has("x-gapura-dropped-parameters")).toBe(false);
    expect(await answer.json()).toMatchObject({ model: "p1/only" });
    const none = { model: "gapura/auto", messages, plugins: plugins({ allowed_models: ["nobody/*"] }) };
    const { error } = await bodyOf(await harness.call(none));
    expect([error.code, error.metadata.error_code]).toEqual([404, "no_model_fits"]);
    expect((await bodyOf(await harness.call({ model: "openrouter/free", messages }))).error.message).toContain(
      "is free",
    );
  });
});
