/**
 * Which of OpenAI's endpoints a model answers, and which parameters it refuses. OpenAI's list of models does not say, so
 * it stands here by name; the first row that fits counts, and the last one fits everything.
 */
import { arrayField, type JsonObject, objectField } from "../../../kernel/json.ts";
import type { Effort } from "../../canonical/request.ts";

export interface ModelRule {
  pattern: RegExp;
  /** `both` are chat and responses. */
  api: "both" | "chat" | "responses" | "completions" | "embeddings";
  /** Efforts of thinking that it takes; null for a model that does not think. */
  efforts: readonly Effort[] | null;
  /** When it takes temperature and its like. */
  samples: "always" | "never" | "while not thinking";
  /** True where it thinks when no effort is named. */
  thinks: boolean;
  takesVerbosity: boolean;
  /** False where chat cannot have it think and call functions in one request; responses can. */
  thinksWithTools?: false;
  /** Further fields that it refuses. */
  refuses?: readonly string[];
}

const EFFORTS: readonly Effort[] = ["none", "minimal", "low", "medium", "high", "xhigh"];
const from = (first: Effort, last: Effort) => EFFORTS.slice(EFFORTS.indexOf(first), EFFORTS.indexOf(last) + 1);

/** A model that does not think and takes what chat has always had. */
const PLAIN_MODEL = { efforts: null, samples: "always", thinks: false, takesVerbosity: false } as const;
/** A model that always thinks. */
const THINKER = { samples: "never", thinks: true, takesVerbosity: false } as const;
const O_SERIES = { ...THINKER, refuses: ["parallel_tool_calls"] } as const;
/** A model that thinks only when asked to. */
const EITHER = { samples: "while not thinking", thinks: false, takesVerbosity: true } as const;

const RULES: readonly ModelRule[] = [
  { pattern: /embedding/, api: "embeddings", ...PLAIN_MODEL },
  { pattern: /instruct|^(?:davinci|babbage)/, api: "completions", ...PLAIN_MODEL },
  { pattern: /search-preview|search-api/, api: "chat", ...PLAIN_MODEL, samples: "never", refuses: ["n", "seed"] },
  { pattern: /audio/, api: "chat", ...PLAIN_MODEL },
  { pattern: /^o\d.*(?:-pro|deep-research)/, api: "responses", efforts: from("low", "high"), ...O_SERIES },
  { pattern: /^computer-use/, api: "responses", efforts: from("low", "high"), ...THINKER },
  { pattern: /^o\d/, api: "both", efforts: from("low", "high"), ...O_SERIES },
  { pattern: /codex-max|^gpt-5\.[2-9].*codex/, api: "responses", efforts: from("low", "xhigh"), ...THINKER },
  { pattern: /codex/, api: "responses", efforts: from("low", "high"), ...THINKER },
  { pattern: /^gpt-5-pro/, api: "responses", efforts: ["high"], ...THINKER, takesVerbosity: true },
  { pattern: /^gpt-5[\d.]*-pro/, api: "responses", efforts: from("medium", "xhigh"), ...THINKER, takesVerbosity: true },
  { pattern: /^gpt-5-chat/, api: "both", ...PLAIN_MODEL },
  { pattern: /^gpt-5[\d.]*-chat/, api: "both", efforts: ["medium"], ...THINKER },
  { pattern: /^gpt-5(?:-|$)/, api: "both", efforts: from("minimal", "high"), ...THINKER, takesVerbosity: true },
  { pattern: /^gpt-5\.1/, api: "both", efforts: ["none", ...from("low", "high")], ...EITHER },
  {
    pattern: /^gpt-5\.[2-4]/,
    api: "both",
    efforts: ["none", ...from("low", "xhigh")],
    ...EITHER,
    thinksWithTools: false,
  },
  {
    pattern: /^gpt-[5-9]/,
    api: "both",
    efforts: ["none", ...from("low", "xhigh")],
    ...EITHER,
    thinks: true,
    thinksWithTools: false,
  },
];
const OTHERS: ModelRule = { pattern: /^/, api: "both", ...PLAIN_MODEL };

/** Of the models that were asked about. There are few; the bound is for a mistake. */
const known = new Map<string, ModelRule>();
const MOST_KNOWN = 1_000;

export function ruleOf(model: string): ModelRule {
  const before = known.get(model);
  if (before !== undefined) return before;
  const rule = RULES.find(({ pattern }) => pattern.test(model)) ?? OTHERS;
  if (known.size < MOST_KNOWN) known.set(model, rule);
  return rule;
}

const SAMPLING = ["temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs"];

/** The fields of a body that a model refuses, in chat and in responses alike. */
export function rejectedBy(rule: ModelRule, body: JsonObject): readonly string[] {
  return [
    ...(samplesNow(rule, body) ? [] : [...SAMPLING, "logit_bias", "stop"]),
    ...(rule.efforts === null ? [] : ["prediction"]),
    ...(rule.refuses ?? []),
  ];
}

/** False for a chat body that OpenAI answers with "use /v1/responses instead". */
export function chatsAbout(rule: ModelRule, body: JsonObject): boolean {
  return rule.thinksWithTools !== false || arrayField(body, "tools").length === 0 || !thinksNow(rule, body);
}

function samplesNow(rule: ModelRule, body: JsonObject): boolean {
  return rule.samples === "while not thinking" ? !thinksNow(rule, body) : rule.samples === "always";
}

function thinksNow({ thinks }: ModelRule, body: JsonObject): boolean {
  const wish = objectField(body, "reasoning");
  if (wish?.enabled === false) return false;
  const effort = wish?.effort ?? body.reasoning_effort ?? (wish?.enabled === true ? "medium" : null);
  return effort === null ? thinks : effort !== "none";
}
