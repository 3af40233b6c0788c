import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Endpoint } from "../../catalog/catalog.ts";
import { type ErrorCode, GapuraError } from "../../kernel/errors.ts";
import { Health } from "../health/health.ts";
import { verdictOf } from "../health/verdict.ts";
import type { ProviderAdapter } from "../providers/adapter.ts";
import { type ConnectedProvider, soleCredential } from "../providers/registry.ts";
import { NOTHING_ASKED } from "../router/route.ts";
import { Course } from "./course.ts";

const endpoint = (slug: string, modelId = "acme/m"): Endpoint => ({
  ...{ providerSlug: slug, providerName: slug.toUpperCase(), modelId, upstreamModel: modelId, price: null },
  ...{ tag: slug, providerNames: [slug], dataPolicy: {}, reason: "named" as const },
});
const WHY = { place: "only" as const, demerits: [], isOtherModel: false };
const planOf = (...endpoints: Endpoint[]) =>
  endpoints.map((one) => ({ endpoint: one, reason: "named", why: WHY, asked: NOTHING_ASKED }));

function providerOf(slug: string, keys = 1): ConnectedProvider {
  const adapter: ProviderAdapter = {
    descriptor: { slug, name: slug, baseUrl: `https://${slug}.example.com/v1` },
    dialects: () => [],
    send: () => Promise.reject(new Error("nobody sends here")),
  };
  const credentials = Array.from({ length: keys }, (_, index) => ({ ...soleCredential(null), id: `${index + 1}` }));
  return { adapter, credentials, reportsCost: false };
}

function begin(slugs: readonly string[], keys = 1) {
  const time = { nowMs: 0 };
  const clock = { monotonicMs: () => time.nowMs };
  const connected = new Map(slugs.map((slug) => [slug, providerOf(slug, keys)]));
  const providers = { get: (slug: string) => connected.get(slug) };
  const random = () => 0.5;
  const health = new Health({ clock, random, providers });
  return { deps: { health, providers, clock, random }, health, time };
}

const refused = (code: ErrorCode, upstream_status: number) => new GapuraError(code, { metadata: { upstream_status } });
const FAILURES: Record<string, GapuraError> = {
  broken: refused("provider_unavailable", 500),
  timeout: refused("provider_timeout", 0),
  limited: refused("provider_rate_limited", 429),
  unauthorized: refused("provider_auth", 401),
  forbidden: refused("provider_auth", 403),
  wrong: refused("provider_refused", 400),
};

/** Every step of a request that nobody answers; `how` says why each time. */
function walk(course: Course, how: (slug: string, credential: string) => GapuraError): string[] {
  const steps: string[] = [];
  for (let step = course.next(); step !== undefined; step = course.next()) {
    const { target } = step;
    const failure = how(target.endpoint.providerSlug, target.lease.credential.id);
    const verdict = verdictOf(failure);
    target.lease.failed(verdict, null);
    steps.push(`${target.endpoint.providerSlug}/${target.endpoint.modelId}#${target.lease.credential.id}`);
    course.failed(target, { failure, verdict });
  }
  return steps;
}

const failing = (name: string) => () => FAILURES[name] ?? new GapuraError("internal");

test("what is wrong with the request goes to no other endpoint of its model, but to the next model", () => {
  const { deps } = begin(["a", "b"]);
  const plan = planOf(endpoint("a"), endpoint("b"), endpoint("a", "acme/n"));
  expect(walk(new Course(deps, plan, "siti"), failing("wrong"))).toEqual(["a/acme/m#1", "a/acme/n#1"]);
});

test("models that are tried in turns are each given up for what is wrong with the request", () => {
  const { deps } = begin(["a", "b", "c", "d"]);
  const plan = planOf(endpoint("a"), endpoint("b", "acme/n"), endpoint("c"), endpoint("d", "acme/n"));
  expect(walk(new Course(deps, plan, "siti"), failing("wrong"))).toEqual(["a/acme/m#1", "b/acme/n#1"]);
});

test("beside a slow provider stands another one of the same model, and no other model", () => {
  const { deps } = begin(["a", "b", "c"]);
  const beside = (...others: Endpoint[]) => {
    const course = new Course(deps, planOf(endpoint("a"), ...others), "siti");
    const slow = course.next()?.target;
    return slow && course.hedge(slow)?.endpoint.providerSlug;
  };
  expect(beside(endpoint("b", "acme/n"), endpoint("c"))).toBe("c");
  expect(beside(endpoint("b", "acme/n"))).toBeUndefined();
});

test("keys that are refused are all tried, three at most, and none of them twice", () => {
  const { deps } = begin(["a", "b"], 5);
  const steps = walk(new Course(deps, planOf(endpoint("a"), endpoint("b")), "siti"), failing("limited"));
  expect(steps.filter((step) => step.startsWith("a/"))).toHaveLength(3);
  expect(steps.filter((step) => step.startsWith("b/"))).toHaveLength(3);
  expect(new Set(steps).size).toBe(steps.length);
});

test("a failure that may pass is tried once more when nobody else is left; a timeout, which took its time, is not", () => {
  const once = (name: string) =>
    walk(new Course(begin(["a", "b"]).deps, planOf(endpoint("a"), endpoint("b")), "siti"), failing(name));
  expect(once("broken")).toEqual(["a/acme/m#1", "b/acme/m#1", "b/acme/m#1"]);
  expect(once("timeout")).toEqual(["a/acme/m#1", "b/acme/m#1"]);
});

test("when everything is left alone, the error says until when", () => {
  const { deps, health, time } = begin(["a"]);
  const provider = deps.providers.get("a") ?? providerOf("a");
  const opened = health.open(endpoint("a"), provider, { account: "siti", tried: [] });
  if (opened.kind === "open") opened.lease.failed("limited", 20);
  const course = new Course(deps, planOf(endpoint("a")), "siti");
  time.nowMs = 1_000;
  expect(course.next()).toBeUndefined();
  expect(course.failure()).toMatchObject({ code: "provider_rate_limited", status: 429, retryAfterSeconds: 20 });
});

test("whatever fails in whatever way, no provider gets more than 1.2 attempts for a request because it fails", () => {
  const failure = fc.constantFrom("broken", "timeout", "wrong");
  const request = fc.record({ fails: fc.array(failure, { minLength: 3, maxLength: 3 }), afterMs: fc.nat(400) });
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 120 }), (requests) => {
      const slugs = ["a", "b", "c"];
      const { deps, time } = begin(slugs);
      const plan = planOf(...slugs.map((slug) => endpoint(slug)), ...slugs.map((slug) => endpoint(slug, "acme/n")));
      const attempts = new Map<string, number>();
      const asked = new Map<string, number>();
      for (const { fails, afterMs } of requests) {
        time.nowMs += afterMs;
        const how = (slug: string) => FAILURES[fails[slugs.indexOf(slug)] ?? ""] ?? new GapuraError("internal");
        const steps = walk(new Course(deps, plan, "siti"), how);
        expect(steps.length).toBeLessThanOrEqual(12);
        for (const slug of slugs) {
          const here = steps.filter((step) => step.startsWith(`${slug}/`));
          if (fails[slugs.indexOf(slug)] === "wrong" || here.length === 0) continue;
          attempts.set(slug, (attempts.get(slug) ?? 0) + here.length);
          asked.set(slug, (asked.get(slug) ?? 0) + 1);
        }
      }
      const windows = Math.ceil((time.nowMs + 1) / 10_000) + 1;
      for (const slug of slugs) {
        const extra = (attempts.get(slug) ?? 0) - (asked.get(slug) ?? 0);
        // A fifth, or three in each ten seconds.
        expect(extra).toBeLessThanOrEqual(Math.max(3 * windows, 0.2 * requests.length + 3));
      }
    }),
  );
});

test("no request that only its client can have spoilt keeps an endpoint from others", () => {
  const spoiling = fc.constantFrom("wrong", "forbidden", "left");
  fc.assert(
    fc.property(fc.array(spoiling, { minLength: 20, maxLength: 60 }), (spoilt) => {
      const { deps, health } = begin(["a"]);
      for (const name of spoilt) {
        const course = new Course(deps, planOf(endpoint("a")), "attacker");
        const step = course.next();
        if (name === "left") step?.target.lease.abandoned();
        else if (step) step.target.lease.failed(verdictOf(FAILURES[name] ?? new GapuraError("internal")), null);
      }
      expect(health.standing(endpoint("a"))).toMatchObject({ isAvailable: true, hasOutage: false, uptime: null });
      expect(new Course(deps, planOf(endpoint("a")), "siti").next()).toBeDefined();
    }),
  );
});
