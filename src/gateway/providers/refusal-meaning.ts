/**
 * What a refusal is about, beyond its status: the same status stands for different things at different providers, and
 * only their words tell. Doubtful cases mean nothing.
 */

export type RefusalMeaning =
  /** The prompt is longer than the model's context. Another endpoint of the model may have a longer one. */
  | "context"
  /** What is asked is against the provider's rules. */
  | "content"
  /** The operator's account has no money or quota left; waiting a little does not help. */
  | "funds"
  /** Too many tokens at once for the account's rate, said with another status than 429. */
  | "rate";

const CONTEXT_CODES = /context_length_exceeded|context_window_exceeded|exceed_context_size|string_above_max_length/;
const CONTEXT_WORDS: readonly RegExp[] = [
  /\b(?:prompt|input|request)s?\b.{0,60}\b(?:is|are) too (?:long|large) for\b.{0,40}\bmodel\b/i,
  /\bprompt is too long\b|\bprompt exceeds max length\b|\bprompt too long\b/i,
  /\bmaximum (?:context|prompt) length\b|\bmax(?:imum)? (?:model |sequence )?context\b/i,
  /\b(?:exceed\w*|longer than|greater than|larger than|beyond)\b.{0,60}\bcontext (?:length|window|size)\b/i,
  /\bcontext (?:length|window|size)\b.{0,40}\bexceed/i,
  /\binput (?:token count|length)\b.{0,60}\bexceeds?\b/i,
  /\breduce the length of (?:the|your) (?:messages|prompt|input)\b/i,
  /\bexceeded model token limit\b|\brange of input length should be\b/i,
  /\btoo many tokens\b.{0,40}\bsize limit\b|`?inputs`? tokens \+ `?max_new_tokens`? must be/i,
];

const CONTENT_CODES =
  /content_filter|content_policy|contentfilter|data_?inspection_?failed|moderation_blocked|responsibleaipolicyviolation|safety_check|invalid_prompt/;
const CONTENT_WORDS: readonly RegExp[] = [
  /\bcontent exists risk\b|\bconsidered high risk\b|\bhigh[- ]risk (?:content|request)\b/i,
  /\bviolat\w+\b.{0,60}\b(?:polic(?:y|ies)|guidelines|terms|safety)\b/i,
  /\b(?:inappropriate|unsafe or sensitive|sensitive|harmful) content\b/i,
  /\bcontent (?:filter(?:ing)?|moderation|management) policy\b|\bblocked by (?:a |the )?(?:content filter|safety|moderation)/i,
  /\bnew_sensitive\b|\bflagged (?:as|by|for|in)\b.{0,60}\b(?:moderation|unsafe|violat\w+|harm\w*|sensitive|safety|policy)\b/i,
];

const FUNDS_CODES =
  /insufficient_(?:quota|balance|credits?|funds)|exceeded_current_quota|billing_(?:hard_limit|not_active)|arrearage|payment_required/;
const FUNDS_WORDS = /\binsufficient (?:balance|credits?|funds)\b|\bexceeded your current quota\b/i;

const MAX_SEARCHED = 1000;

export interface SaidRefusal {
  status: number;
  message: string;
  codes?: string;
}

/** What it is about; null where its status says enough. */
export function meaningOf({ status, message, codes = "" }: SaidRefusal): RefusalMeaning | null {
  const words = message.slice(0, MAX_SEARCHED);
  const says = (known: readonly RegExp[]) => known.some((pattern) => pattern.test(words));
  if (status === 429 || status === 402 || status === 403 || status === 400) {
    if (FUNDS_CODES.test(codes) || FUNDS_WORDS.test(words)) return "funds";
  }
  if (status === 413 && codes.includes("rate_limit")) return "rate";
  if ([400, 413, 422].includes(status) && (CONTEXT_CODES.test(codes) || says(CONTEXT_WORDS))) return "context";
  if ([400, 403, 422, 451].includes(status) && (CONTENT_CODES.test(codes) || says(CONTENT_WORDS))) return "content";
  return null;
}
