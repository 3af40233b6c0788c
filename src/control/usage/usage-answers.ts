/** What is answered about use over time, whosever it is: a chart, a table, and what both can be narrowed down to. */
import type { UsageSeries } from "../../contract/schemas/usage-series.ts";
import { csvLine } from "../../kernel/csv.ts";
import { usdString } from "../../kernel/money.ts";
import type {
  Dimension,
  UsagePart,
  UsagePoint,
  UsageQuestion,
  UsageSeriesStore,
} from "../../storage/stores/usage-series.ts";
import type { HandlerResult } from "../http/handler.ts";
import { isoTime } from "../keys/key-view.ts";
import { figuresOf, type Metric, MOST_PARTS, rangeBefore, seriesOf } from "./series-view.ts";

/** What parts are split by, and what they are called. */
export interface Split<By extends Dimension> {
  by: By | undefined;
  /** Names of these parts; a part that has none is called by itself. */
  namesOf(by: By, parts: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

async function named<By extends Dimension>(points: readonly UsagePoint[], { by, namesOf }: Split<By>) {
  const parts = [...new Set(points.flatMap(({ part }) => part ?? []))];
  const names = by === undefined ? new Map() : await namesOf(by, parts);
  return (part: string): string => names.get(part) ?? part;
}

export async function seriesAnswer<By extends Dimension>(
  series: UsageSeriesStore,
  asked: UsageQuestion,
  { metric, ...split }: Split<By> & { metric: Metric },
): Promise<{ body: UsageSeries }> {
  const points = await series.points(asked, split.by ?? null, { counted: metric, most: MOST_PARTS });
  const nameOf = await named(points, split);
  const drawn = seriesOf(points, { range: asked, metric, nameOf });
  const total = figuresOf(await series.total(asked));
  const before = figuresOf(await series.total({ ...asked, ...rangeBefore(asked) }));
  const { step, fromMs, toMs } = asked;
  return { body: { step, fromMs, toMs, ...drawn, total, before } };
}

const COUNTED = [
  "requests",
  "errors",
  "prompt_tokens",
  "completion_tokens",
  "cached_tokens",
  "spent_usd",
  "unpriced_requests",
];

export async function csvAnswer<By extends Dimension>(
  series: UsageSeriesStore,
  asked: UsageQuestion,
  split: Split<By>,
): Promise<HandlerResult<"exportUsage" | "exportInstanceUsage">> {
  const points = await series.points(asked, split.by ?? null);
  const nameOf = await named(points, split);
  const by = split.by === undefined ? [] : [split.by];
  const heading = csvLine(["time", ...by, ...COUNTED]);
  const lines = points.map((point) => {
    const part = split.by === undefined ? [] : [nameOf(point.part ?? "")];
    const { requests, errors, unpriced, prompt_tokens, completion_tokens, cached_tokens } = point;
    const tokens = [prompt_tokens, completion_tokens, cached_tokens];
    return csvLine([isoTime(point.at), ...part, requests, errors, ...tokens, usdString(point.cost_nano), unpriced]);
  });
  return {
    body: "",
    headers: new Headers({ "content-disposition": 'attachment; filename="gapura-usage.csv"' }),
    rendered: { type: "text/csv; charset=utf-8", text: heading + lines.join("") },
  };
}

/** More than that nobody looks through. */
const MOST_CHOICES = 500;

export interface Choice {
  id: string;
  name: string;
  requests: number;
}

/** What of one kind was used, the most used first. */
export function choicesBy(
  parts: readonly UsagePart[],
  idOf: (part: UsagePart) => string,
  nameOf: (part: UsagePart) => string = idOf,
): Choice[] {
  const found = new Map<string, Choice>();
  for (const part of parts) {
    const id = idOf(part);
    const choice = found.get(id) ?? { id, name: nameOf(part), requests: 0 };
    found.set(id, { ...choice, requests: choice.requests + part.requests });
  }
  return [...found.values()].sort((a, b) => b.requests - a.requests).slice(0, MOST_CHOICES);
}

/** What is there whosever use it is. */
export function sharedChoices(parts: readonly UsagePart[]): Record<"model" | "provider" | "app", Choice[]> {
  return {
    model: choicesBy(parts, ({ model }) => model),
    provider: choicesBy(
      parts,
      ({ provider_slug }) => provider_slug,
      ({ provider }) => provider,
    ),
    app: choicesBy(parts, ({ app }) => app),
  };
}
