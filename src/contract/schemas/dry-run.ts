/** Which providers would answer a request, in which order and why, without asking any of them. */
import { z } from "zod";
import { usd } from "./common.ts";

/** The call whose body it is. */
export const CALL_KINDS = ["chat", "completions", "responses", "messages", "embeddings", "rerank"] as const;
export type CallKind = (typeof CALL_KINDS)[number];

export const dryRunQuery = z.strictObject({ api: z.enum(CALL_KINDS).default("chat") });
/** The body exactly as the call would have it. */
export const dryRunBody = z.looseObject({ model: z.string().nullish() });

const percentiles = z.object({ p50: z.number(), p75: z.number(), p90: z.number(), p99: z.number() });
const endpoint = z.object({
  /** Slug, with the tag of the endpoint where it has one: "deepinfra/turbo". */
  endpoint: z.string(),
  provider: z.string(),
  provider_name: z.string(),
  model: z.string(),
  /** Dollars for a million tokens, and for each request; null where no price is known. */
  price: z.object({ prompt: usd, completion: usd, request: usd.nullable() }).nullable(),
  /** False while none of its credentials may be used. */
  available: z.boolean(),
  /** Between 0 and 1; null where there were too few requests. */
  uptime: z.number().nullable(),
  /** Seconds to the first token, over five minutes. */
  latency: percentiles.nullable(),
  /** Tokens per second, over five minutes. */
  throughput: percentiles.nullable(),
});
/** Why an endpoint stands where it stands, in words for programs. */
export const whySchema = z.object({
  place: z.string(),
  demerits: z.array(z.string()),
  /** Of a draw: for which share of requests it is the first. */
  share: z.number().nullable(),
  lacking: z.array(z.string()),
  other_model: z.boolean(),
});
export type WhyView = z.infer<typeof whySchema>;

const plannedEndpoint = endpoint.extend({
  reason: z.string(),
  /** The same in words for programs. */
  why: whySchema,
  /** Parameters that this endpoint has no word for, and would not be sent. */
  dropped_parameters: z.array(z.string()),
  /** Why it would fail before anything is sent; null where nothing is in the way. */
  problem: z.string().nullable(),
  /** The code of that error. */
  problem_code: z.string().nullable(),
});
const passedEndpoint = endpoint.extend({ because: z.string() });

export const dryRunSchema = z.object({
  data: z.object({
    requested: z.array(z.string()),
    /** The slug of the preset that filled the request in. */
    preset: z.string().nullable(),
    strategy: z.string(),
    router: z.string().nullable(),
    summary: z.string(),
    /** In the order in which they would be tried. */
    endpoints: z.array(plannedEndpoint),
    passed_over: z.array(passedEndpoint),
    /** What the instance, the account, the preset and the request wish together, as a `provider` object. */
    provider: z.record(z.string(), z.json()),
    /** What the client would be told, where nobody may answer. */
    refusal: z.object({ code: z.int(), error_code: z.string(), message: z.string() }).nullable(),
  }),
});
export type DryRun = z.infer<typeof dryRunSchema>["data"];
export type DryRunEndpoint = DryRun["endpoints"][number];
export type DryRunPassedOver = DryRun["passed_over"][number];
