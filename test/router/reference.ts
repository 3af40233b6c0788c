/**
 * The router once more, written from docs/routing.md alone: plainly and slowly, one endpoint against another. What it says
 * is what the documentation says; where the router differs, one of the two is wrong.
 */
import type { Endpoint } from "../../src/catalog/catalog.ts";
import type { ModelAsked, RouteQuestion } from "../../src/gateway/router/decide.ts";
import type { EndpointStanding } from "../../src/gateway/router/route.ts";
import type { SortBy } from "../../src/gateway/router/wishes.ts";
import { idOf } from "./questions.ts";

export interface Expected {
  attempts: string[];
  /** Endpoint to reason. */
  passedOver: Record<string, string>;
}

interface Row {
  endpoint: Endpoint;
  modelIndex: number;
  standing: EndpointStanding;
  isWorse: boolean;
  isMeasured: boolean;
}

export function expectedRoute(question: RouteQuestion): Expected {
  const { models, wishes } = question;
  const passedOver: Record<string, string> = {};
  const groups: Row[][] = models.map((model, modelIndex) => {
    const left = model.endpoints.filter((endpoint) => {
      const reason = whyKeptOut(question, model, endpoint);
      if (reason !== null) passedOver[idOf(endpoint)] = reason;
      return reason === null;
    });
    return left.map((endpoint) => ({
      ...{ endpoint, modelIndex, standing: question.health.standing(endpoint), isWorse: false, isMeasured: false },
    }));
  });
  const together = wishes.sort?.acrossModels === true;
  for (const group of together ? [groups.flat()] : groups) markWorse(group);
  let list = together
    ? arranged(question, groups.flat(), { sort: wishes.sort?.by ?? null, pinned: null })
    : groups.flatMap((group, index) =>
        arranged(question, group, {
          sort: models[index]?.sort ?? wishes.sort?.by ?? null,
          pinned: models[index]?.pinnedTag ?? null,
        }),
      );
  if (!wishes.allowFallbacks && wishes.order.length === 0) {
    const kept = models.flatMap((_, index) => {
      const own = list.filter((row) => row.modelIndex === index);
      const first = own.find((row) => row.standing.isAvailable) ?? own[0];
      return first === undefined ? [] : [first];
    });
    for (const row of list) if (!kept.includes(row)) passedOver[idOf(row.endpoint)] = "allow_fallbacks";
    list = list.filter((row) => kept.includes(row));
  }
  const late = (row: Row) =>
    (wishes.minThroughput !== null || wishes.maxLatency !== null) &&
    (isSlow(question, row) || lacksSomething(question, row.endpoint));
  const up = list.filter((row) => row.standing.isAvailable);
  const last = list.filter((row) => !row.standing.isAvailable);
  const final = [...up.filter((row) => !late(row)), ...up.filter(late), ...last];
  return { attempts: final.map(({ endpoint }) => idOf(endpoint)), passedOver };
}

function names(slug: string, endpoint: Endpoint): boolean {
  if (slug === endpoint.tag) return true;
  if (endpoint.model?.serviceTier !== undefined) return false;
  if (slug === endpoint.providerSlug) return true;
  return endpoint.readsWishes === true && slug.startsWith(`${endpoint.providerSlug}/`);
}

function whyKeptOut({ wishes, needs }: RouteQuestion, model: ModelAsked, endpoint: Endpoint): string | null {
  const offer = endpoint.model;
  const { price } = endpoint;
  const router = endpoint.readsWishes === true;
  if (wishes.only !== null && !wishes.only.some((slug) => names(slug, endpoint))) return "allowed_providers";
  if (!wishes.allowFallbacks && wishes.order.length > 0 && !wishes.order.some((slug) => names(slug, endpoint))) {
    return "allowed_providers";
  }
  if (wishes.ignore.some((slug) => slug === endpoint.providerSlug || slug === endpoint.tag)) return "ignored_providers";
  const tier = offer?.serviceTier;
  if (tier !== undefined) {
    const asked = needs.serviceTier === "fast" ? "priority" : needs.serviceTier;
    const isNamed = wishes.order.includes(endpoint.tag) || (wishes.only ?? []).includes(endpoint.tag);
    if (tier !== asked && !model.openTiers.includes(tier) && !isNamed) return "service_tier";
  }
  const { dataCollection: collects, zeroDataRetention: keepsNothing } = endpoint.dataPolicy;
  if (wishes.zeroDataRetention && keepsNothing !== true && !(router && keepsNothing === undefined)) {
    return "data_policy:zdr";
  }
  if (wishes.denyDataCollection) {
    const isSafe = collects === undefined ? keepsNothing === true || (router && keepsNothing === undefined) : !collects;
    if (!isSafe) return "data_policy:training";
  }
  if (wishes.distillableOnly && offer?.isDistillable !== true && !(router && offer?.isDistillable === undefined)) {
    return "distillation";
  }
  if (wishes.quantizations !== null && !(router && offer?.quantization === undefined)) {
    if (!wishes.quantizations.includes(offer?.quantization ?? "unknown")) return "quantization";
  }
  if (model.freeOnly) {
    const isFree = price !== null && price.promptNanoPerMillion === 0n && price.completionNanoPerMillion === 0n;
    if (!isFree || (price.requestNano ?? 0n) > 0n) return "free_variant";
  }
  const most = wishes.maxPrice;
  if (most !== null) {
    if (price === null) return "max_price";
    const over = (amount: bigint, bound: bigint | null) => bound !== null && amount > bound;
    const { promptNanoPerMillion: prompt, completionNanoPerMillion: completion } = price;
    const isOver =
      over(prompt, most.promptNanoPerMillion) ||
      over(completion, most.completionNanoPerMillion) ||
      over(price.requestNano ?? 0n, most.requestNano) ||
      (needs.inputs.includes("image") && over((prompt * 1_500n) / 1_000_000n, most.imageNano)) ||
      (needs.inputs.includes("audio") && over(prompt, most.audioNanoPerMillion));
    if (isOver) return "max_price";
  }
  const context = offer?.contextLength ?? null;
  if (context !== null && Math.ceil(needs.promptBytes / 10) > context) return "context_length";
  const longest = offer?.maxCompletionTokens ?? context;
  if (longest !== null && (needs.maxOutputTokens ?? 0) > longest) return "max_tokens";
  if (wishes.requireParameters && needs.parameters.some((name) => isMissing(endpoint, name))) {
    return "require_parameters";
  }
  return null;
}

function isMissing({ model }: Endpoint, parameter: string): boolean {
  if (model === undefined || model.isPlain || model.supportedParameters.length === 0) return false;
  const takes = (name: string) => model.supportedParameters.includes(name);
  if (parameter === "tool_choice") return !takes("tool_choice") && !takes("tools");
  if (parameter === "max_completion_tokens") return !takes("max_completion_tokens") && !takes("max_tokens");
  return !takes(parameter);
}

function lacksSomething({ needs }: RouteQuestion, endpoint: Endpoint): boolean {
  const { model } = endpoint;
  if (model === undefined) return false;
  const wanted = needs.parameters.filter((name) =>
    ["tools", "response_format", "structured_outputs", "verbosity"].includes(name),
  );
  if (wanted.some((name) => isMissing(endpoint, name))) return true;
  if (!model.isPlain && needs.inputs.some((kind) => !model.inputModalities.includes(kind))) return true;
  if (!model.isPlain && needs.outputs.some((kind) => !model.outputModalities.includes(kind))) return true;
  const tokens = Math.ceil(needs.promptBytes / 4) + (needs.maxOutputTokens ?? 0);
  return model.contextLength !== null && tokens > model.contextLength;
}

function isSlow({ wishes }: RouteQuestion, { standing }: Row): boolean {
  for (const percentile of ["p50", "p75", "p90", "p99"] as const) {
    const least = wishes.minThroughput?.[percentile];
    if (least !== undefined && standing.throughput !== null && standing.throughput[percentile] < least) return true;
    const most = wishes.maxLatency?.[percentile];
    if (most !== undefined && standing.latencySeconds !== null && standing.latencySeconds[percentile] > most)
      return true;
  }
  return false;
}

function markWorse(rows: Row[]): void {
  const bound = (figures: number[], deviations: number) => {
    if (figures.length < 4) return Number.NEGATIVE_INFINITY;
    const sorted = [...figures].sort((a, b) => a - b);
    const at = (index: number) => sorted[index] ?? 0;
    const half = sorted.length / 2;
    const median = sorted.length % 2 === 0 ? (at(half) + at(half - 1)) / 2 : at(Math.floor(half));
    const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
    const variance = figures.reduce((sum, figure) => sum + (figure - mean) ** 2, 0) / figures.length;
    return median - deviations * Math.sqrt(variance);
  };
  const speed = bound(
    rows.flatMap(({ standing }) => standing.throughput?.p50 ?? []),
    1.5,
  );
  const uptime = bound(
    rows.flatMap(({ standing }) => standing.uptime ?? []),
    2,
  );
  for (const row of rows) {
    row.isMeasured = row.standing.throughput !== null && row.standing.uptime !== null;
    row.isWorse =
      (row.standing.throughput?.p50 ?? Number.POSITIVE_INFINITY) < speed ||
      (row.standing.uptime ?? Number.POSITIVE_INFINITY) < uptime;
  }
}

function illness({ uptime, hasOutage }: EndpointStanding): number {
  if ((uptime ?? 1) < 0.8) return 3;
  if (hasOutage) return 2;
  return (uptime ?? 1) < 0.95 ? 1 : 0;
}

function dollars({ price }: Endpoint): number {
  if (price === null) return Number.POSITIVE_INFINITY;
  const { promptNanoPerMillion: prompt, completionNanoPerMillion: completion } = price;
  const each = (price.requestNano ?? 0n) * 1_000_000n;
  return Number(750n * prompt + 250n * completion + each) / 1_000_000;
}

/** Negative where `a` is known to be better than `b` before anything is sorted or drawn. */
function judged(question: RouteQuestion, [a, b]: [Row, Row], countsWorse: boolean): number {
  const against = (row: Row): number[] => [
    row.standing.isAvailable ? 0 : 1,
    lacksSomething(question, row.endpoint) ? 1 : 0,
    illness(row.standing),
    isSlow(question, row) ? 1 : 0,
    countsWorse && row.isWorse ? 1 : 0,
  ];
  const [first, second] = [against(a), against(b)];
  for (const [index, figure] of first.entries()) if (figure !== second[index]) return figure - (second[index] ?? 0);
  return 0;
}

function arranged(
  question: RouteQuestion,
  rows: readonly Row[],
  { sort, pinned }: { sort: SortBy | null; pinned: string | null },
): Row[] {
  const { order } = question.wishes;
  if (order.length === 0) {
    const list = balanced(question, rows, sort);
    const stays = list.find(
      (row) =>
        row.endpoint.tag === pinned &&
        row.standing.isAvailable &&
        illness(row.standing) < 2 &&
        !lacksSomething(question, row.endpoint),
    );
    return stays === undefined ? list : [stays, ...list.filter((row) => row !== stays)];
  }
  const named: Row[] = [];
  for (const slug of order) {
    const meant = rows.filter((row) => !named.includes(row) && names(slug, row.endpoint));
    named.push(...balanced(question, meant, sort));
  }
  return [
    ...named,
    ...balanced(
      question,
      rows.filter((row) => !named.includes(row)),
      sort,
    ),
  ];
}

function balanced(question: RouteQuestion, rows: readonly Row[], sort: SortBy | null): Row[] {
  const countsWorse = sort === "exacto" || (sort === null && question.needs.parameters.includes("tools"));
  const priority = ({ endpoint }: Row) => endpoint.priority ?? 0;
  const byPrice = (a: Row, b: Row) => {
    const [x, y] = [dollars(a.endpoint), dollars(b.endpoint)];
    return x === y ? 0 : x - y;
  };
  const high = (figure: number | null | undefined) => figure ?? -1;
  const compare = (a: Row, b: Row): number => {
    const judgement = judged(question, [a, b], countsWorse);
    if (judgement !== 0) return judgement;
    if (sort === null && priority(a) !== priority(b)) return priority(a) - priority(b);
    if (sort === "throughput" && high(a.standing.throughput?.p50) !== high(b.standing.throughput?.p50)) {
      return high(b.standing.throughput?.p50) - high(a.standing.throughput?.p50);
    }
    if (sort === "latency") {
      const [x, y] = [a.standing.latencySeconds?.p50 ?? 1e9, b.standing.latencySeconds?.p50 ?? 1e9];
      if (x !== y) return x - y;
    }
    if (sort === "exacto") {
      const unknown = (row: Row) => (row.isMeasured || row.isWorse ? 0 : 1);
      if (unknown(a) !== unknown(b)) return unknown(a) - unknown(b);
      if (high(a.standing.uptime) !== high(b.standing.uptime)) return high(b.standing.uptime) - high(a.standing.uptime);
      if (high(a.standing.throughput?.p50) !== high(b.standing.throughput?.p50)) {
        return high(b.standing.throughput?.p50) - high(a.standing.throughput?.p50);
      }
    }
    return byPrice(a, b) || priority(a) - priority(b) || a.modelIndex - b.modelIndex;
  };
  const list: Row[] = [];
  for (const row of rows) {
    let place = 0;
    while (place < list.length && compare(list[place] as Row, row) <= 0) place++;
    list.splice(place, 0, row);
  }
  const [best] = list;
  if (sort !== null || best === undefined) return list;
  const equals = list.filter(
    (row) => judged(question, [row, best], countsWorse) === 0 && priority(row) === priority(best),
  );
  const first = drawn(question, equals);
  return first === undefined ? list : [first, ...list.filter((row) => row !== first)];
}

/** The number that is drawn runs along them, the cheapest first, each as long as its chance. */
function drawn(question: RouteQuestion, equals: readonly Row[]): Row | undefined {
  if (equals.length < 2) return undefined;
  const prices = equals.map(({ endpoint }) => dollars(endpoint));
  const cheapest = Math.min(...prices);
  let chances = prices.map((price) => (price === cheapest ? 1 : (cheapest / price) ** 2));
  if (cheapest === 0) chances = prices.map((price) => (price === 0 ? 1 : 0));
  if (cheapest === Number.POSITIVE_INFINITY) chances = prices.map(() => 1);
  if (equals.some(({ endpoint }) => endpoint.weight !== undefined)) {
    chances = equals.map(({ endpoint }) => endpoint.weight ?? 1);
  }
  const whole = chances.reduce((sum, chance) => sum + chance, 0);
  if (whole === 0) return undefined;
  let rest = question.random() * whole;
  for (const [index, chance] of chances.entries()) {
    rest -= chance;
    if (rest < 0) return equals[index];
  }
  return equals.findLast((_, index) => (chances[index] ?? 0) > 0);
}
