/** Fields of a request that steer the gateway itself, over real HTTP. */
import { afterEach, expect, test } from "bun:test";
import {
  bodyOf,
  chunk,
  completion,
  eventStream,
  type Harness,
  halo,
  readStream,
  startDataPlane,
  usageEvent,
} from "../../test/support/data-plane.ts";

let harness: Harness;
afterEach(() => harness.stop());

const refusal = () => Response.json({ error: { message: "too long for me" } }, { status: 400 });
const good = () => Response.json(completion);
const messages = halo.messages;

test("models are tried in their order after any failure, and the answer names the one that answered", async () => {
  harness = await startDataPlane(refusal, good);
  const answer = await harness.call({ model: "p0/only", models: ["nobody/knows-this", "p1/only"], messages });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ model: "p1/only", provider: "P1" });
  expect(harness.kept[0]).toMatchObject({ modelRequested: "p0/only", model: "p1/only" });
  expect(harness.kept[0]?.attempts.map(({ model, status }) => [model, status])).toEqual([
    ["p0/only", 400],
    ["p1/only", 200],
  ]);
});

test("models alone are enough, and the provider is sent one model, not the list", async () => {
  harness = await startDataPlane(good);
  const answer = await harness.call({ models: ["acme/m"], messages });
  expect(answer.status).toBe(200);
  expect(JSON.parse(harness.seen[0]?.body ?? "")).toEqual({ model: "acme/m", messages });
});

test("a refusal says whether another try may help, and who failed before", async () => {
  harness = await startDataPlane(refusal, () => new Response(null, { status: 429, headers: { "retry-after": "7" } }));
  const models = ["p0/only", "p1/only"];
  const { error } = await bodyOf(await harness.call({ models, messages }));
  expect(error.availability).toMatchObject({
    code: "capacity_exhausted",
    retryable: true,
    requested_models: models,
    retry_after: 7,
  });
  expect(error.metadata.previous_errors).toEqual([{ provider: "p0", code: 400, status: 400 }]);
  const unknown = await bodyOf(await harness.call({ model: "nobody/knows-this", messages }));
  expect(unknown.error.availability).toMatchObject({ code: "model_not_found", retryable: false });
});

test("when every model fails the last failure is told", async () => {
  harness = await startDataPlane(refusal, () => new Response(null, { status: 503 }));
  const answer = await harness.call({ models: ["p0/only", "p1/only"], messages });
  expect([answer.status, (await bodyOf(answer)).error.metadata.error_code]).toEqual([503, "provider_overloaded"]);
});

test("a stream that asks for it begins with what each provider was sent", async () => {
  const stream = () =>
    new Response(
      `${chunk({ content: "Baik!" }) + chunk({}, { finish_reason: "stop" }) + usageEvent}data: [DONE]\n\n`,
      eventStream,
    );
  harness = await startDataPlane(refusal, stream);
  const debug = { echo_upstream_body: true };
  const answer = await harness.call({ models: ["p0/only", "p1/only"], messages, stream: true, debug });
  const { events } = await readStream(answer);
  const [first, second] = events.map((event) => (event === "[DONE]" ? {} : JSON.parse(event)));
  const sent = { messages, stream: true, stream_options: { include_usage: true } };
  expect(first).toMatchObject({ choices: [], debug: { echo_upstream_body: { model: "p0/only", ...sent } } });
  expect(second).toMatchObject({ choices: [], debug: { echo_upstream_body: { model: "p1/only", ...sent } } });
  expect(events.at(-1)).toBe("[DONE]");
});

test("a wrong type of a steering field is refused with the field's name", async () => {
  harness = await startDataPlane(good);
  const wrong = async (body: object) => (await bodyOf(await harness.call({ ...halo, ...body }))).error.message;
  expect(await wrong({ models: "acme/m" })).toStartWith("models: must be a list");
  expect(await wrong({ models: [7] })).toStartWith("models[0]: must be a string");
  expect(await wrong({ models: Array.from({ length: 11 }, (_, index) => `a/${index}`) })).toStartWith(
    "models: must name at most",
  );
  expect(harness.seen).toHaveLength(0);
});

test("without allowed fallbacks one endpoint is tried, and no other", async () => {
  harness = await startDataPlane(() => new Response(null, { status: 503 }), good);
  const refused = await harness.call({ ...halo, provider: { allow_fallbacks: false } });
  expect([refused.status, harness.seen.length]).toEqual([503, 1]);
  expect((await harness.call(halo)).status).toBe(200);
});

test("wishes about privacy are obeyed or refused, never lost: who has said nothing of its terms is not asked", async () => {
  harness = await startDataPlane(good);
  for (const provider of [{ zdr: true }, { data_collection: "deny" }]) {
    const refused = await harness.call({ ...halo, provider });
    const { error } = await bodyOf(refused);
    expect([refused.status, error.metadata.error_code]).toEqual([404, "endpoints_filtered"]);
    expect(error.message).toStartWith("No endpoints found for acme/m that meet what this request asks for: P0 (");
    const [field] = Object.keys(provider);
    expect(error.availability).toMatchObject({
      code: "privacy_restricted",
      retryable: false,
      excluded_by: [field === "zdr" ? "data_policy:zdr" : "data_policy:training"],
      constraint: { field: `provider.${field}` },
    });
  }
  expect(harness.seen).toHaveLength(0);
});

test("who names nobody that serves the model is told which field keeps everybody out", async () => {
  harness = await startDataPlane(good);
  const fieldOf = async (provider: object) => {
    const { error } = await bodyOf(await harness.call({ ...halo, provider }));
    return error.availability;
  };
  const keptOutBy = (field: string) => ({ excluded_by: ["allowed_providers"], constraint: { field } });
  const order = { order: ["groq"], allow_fallbacks: false };
  expect(await fieldOf(order)).toMatchObject(keptOutBy("provider.order"));
  expect(await fieldOf({ only: ["groq"] })).toMatchObject(keptOutBy("provider.only"));
  expect(await fieldOf({ ...order, only: ["p0"] })).toMatchObject(keptOutBy("provider.order"));
});

test("providers are tried in the order that the request names, and the record says why", async () => {
  harness = await startDataPlane(good, () => new Response(null, { status: 503 }));
  const answer = await harness.call({ ...halo, provider: { order: ["p1", "P0"] } });
  expect(await answer.json()).toMatchObject({ provider: "P0" });
  expect(harness.kept[0]?.attempts.map(({ provider, reason }) => [provider, reason])).toEqual([
    ["p1", "named in order; price unknown"],
    ["p0", "named in order; price unknown"],
  ]);
});

test("only, ignore and max_price keep providers out, and together they are all told", async () => {
  harness = await startDataPlane(good, good);
  expect(await (await harness.call({ ...halo, provider: { only: ["p1"] } })).json()).toMatchObject({ provider: "P1" });
  expect(await (await harness.call({ ...halo, provider: { ignore: ["p0"] } })).json()).toMatchObject({
    provider: "P1",
  });
  const { error } = await bodyOf(
    await harness.call({ ...halo, provider: { ignore: ["p0"], max_price: { prompt: 1 } } }),
  );
  expect(error.availability).toMatchObject({
    code: "constraint_filtered",
    excluded_by: ["ignored_providers", "max_price"],
  });
});

test("what provider does not know, and plugins, are named as dropped", async () => {
  harness = await startDataPlane(good);
  const provider = { experimental: { a: 1 }, allow_fallbacks: true, ignore: [] };
  const answer = await harness.call({ ...halo, provider, plugins: [{ id: "web" }, { id: "auto-router" }] });
  expect(answer.headers.get("x-gapura-dropped-parameters")).toBe("plugins, provider.experimental");
});

test("a wish of the wrong form is refused with its path", async () => {
  harness = await startDataPlane(good);
  const wrong = async (provider: object) => (await bodyOf(await harness.call({ ...halo, provider }))).error.message;
  expect(await wrong({ order: "openai" })).toStartWith("provider.order: must be a list");
  expect(await wrong({ only: [""] })).toStartWith("provider.only[0]: must be a provider's slug");
  expect(await wrong({ quantizations: ["int3"] })).toStartWith("provider.quantizations[0]: must be one of int4");
  expect(await wrong({ data_collection: "maybe" })).toStartWith("provider.data_collection: must be one of allow, deny");
  expect(await wrong({ sort: { by: "luck" } })).toStartWith("provider.sort.by: must be one of price");
  expect(await wrong({ max_price: { prompt: -1 } })).toStartWith("provider.max_price.prompt: must be an amount");
  expect(await wrong({ preferred_max_latency: { p90: 0 } })).toStartWith("provider.preferred_max_latency.p90: must be");
  expect(harness.seen).toHaveLength(0);
});
