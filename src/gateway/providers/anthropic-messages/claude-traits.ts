/**
 * What a Claude model takes, read from its name ("claude-sonnet-4-5-20250929", "anthropic.claude-opus-4-6-v1:0"). A name
 * that tells nothing is taken for one of the newest models, since those refuse most of what older ones took.
 */
import type { Effort } from "../../canonical/request.ts";

export interface ClaudeTraits {
  /** How thinking is asked for: with a budget, adaptively, either way, or not at all. */
  thinking: "none" | "budget" | "either" | "adaptive";
  /** How thinking is switched off: by saying nothing, by a word, or never. */
  thinkingOff: "unsaid" | "disabled" | "between_tools" | "never";
  /** Efforts that `output_config.effort` takes; empty where there is none. */
  efforts: readonly Effort[];
  /** False where temperature, top_p and top_k are refused. */
  takesSampling: boolean;
  /** False where temperature and top_p together are refused. */
  takesTemperatureWithTopP: boolean;
  /** False where a tool cannot be forced. */
  takesForcedTool: boolean;
  takesSchema: boolean;
  /** The most tokens that an answer may have. */
  maxOutputTokens: number;
}

interface Named {
  line: "opus" | "sonnet" | "haiku" | "fable" | "mythos" | null;
  /** 4.5 is 405. */
  version: number;
}

const NEWEST = 9_900;
const LINES = ["opus", "sonnet", "haiku", "fable", "mythos"] as const;
/** The version stands after the line's name, or before it (claude-3-5-haiku); a date is longer than two digits. */
const VERSION = /(?:^|[-/.])(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/;

export function claudeTraits(model: string): ClaudeTraits {
  const named = read(model.toLowerCase());
  const { line, version } = named;
  const isApart = line === "fable" || line === "mythos";
  const isAdaptiveOnly = isApart || version >= 407;
  return {
    thinking: isAdaptiveOnly ? "adaptive" : version >= 406 ? "either" : version >= 307 ? "budget" : "none",
    thinkingOff: thinkingOff(named),
    efforts: effortsOf(named, isAdaptiveOnly),
    takesSampling: !isAdaptiveOnly,
    takesTemperatureWithTopP: version < 401,
    takesForcedTool: line === "haiku" || (isApart ? version < 501 : version < 505 || version === NEWEST),
    takesSchema: isApart || version >= 405 || (line === "opus" && version === 401),
    maxOutputTokens: maxOutputTokens(named),
  };
}

function read(model: string): Named {
  const line = LINES.find((name) => model.includes(name)) ?? null;
  if (/claude-(?:2|instant)/.test(model)) return { line, version: 200 };
  const from = model.indexOf("claude");
  const found = VERSION.exec(from === -1 ? model : model.slice(from + "claude".length));
  if (!found) return { line, version: NEWEST };
  return { line, version: Number(found[1]) * 100 + Number(found[2] ?? 0) };
}

function thinkingOff({ line, version }: Named): ClaudeTraits["thinkingOff"] {
  if (line === "fable" || line === "mythos") return "never";
  if (version < 500 || version === NEWEST) return "unsaid";
  if (version < 505 || line === "haiku") return "disabled";
  return line === "sonnet" ? "between_tools" : "never";
}

function effortsOf({ line, version }: Named, isAdaptiveOnly: boolean): readonly Effort[] {
  if (isAdaptiveOnly) return ["low", "medium", "high", "xhigh", "max"];
  if (version >= 406) return ["low", "medium", "high", "max"];
  return version >= 405 && line === "opus" ? ["low", "medium", "high"] : [];
}

function maxOutputTokens({ line, version }: Named): number {
  if (version < 305) return 4_096;
  if (version < 307) return 8_192;
  if (version < 405) return line === "opus" ? 32_000 : 64_000;
  const isLarge = version >= 407 || (version === 406 && line === "opus");
  return isLarge && version !== NEWEST ? 128_000 : 64_000;
}
