/**
 * What makes a key worth more to a thief than it need be, as points. Pure: the same facts give the same score, and each
 * point is one that its owner can take away.
 */
import { endsInTime, IDLE_AFTER_DAYS, type KeyPolicy } from "./key-life.ts";
import { DAY_MS } from "./windows.ts";

/** Every risk with its points, the gravest first. */
export const RISK_POINTS = {
  /** Nothing bounds what it may spend. */
  no_limit: 3,
  /** Called from many networks in these weeks: perhaps several people have it. */
  many_networks: 3,
  /** Nobody would miss it. */
  idle: 3,
  /** It works from anywhere. */
  no_addresses: 2,
  no_expiry: 2,
  /** It lives longer than the instance allows today. */
  over_lifetime: 2,
} as const;
export type KeyRisk = keyof typeof RISK_POINTS;
export const KEY_RISKS: readonly KeyRisk[] = [
  "no_limit",
  "many_networks",
  "idle",
  "no_addresses",
  "no_expiry",
  "over_lifetime",
];

export const RISK_LEVELS = ["none", "low", "medium", "high"] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];
const MEDIUM_FROM = 4;
const HIGH_FROM = 7;

/** From how many networks on a key counts as shared. One person with a phone, at home and at work has three or four. */
export const MANY_NETWORKS = 6;

export interface KeyRiskFacts {
  kind: "inference" | "management";
  hasLimit: boolean;
  expiresAt: number | null;
  /** Its own list, or its account's. */
  hasAddresses: boolean;
  createdAt: number;
  secretMadeAt: number;
  lastUsedAt: number | null;
  /** In how many networks it was used lately; null where that is not known. */
  networks: number | null;
}

export interface RiskVerdict {
  risks: KeyRisk[];
  score: number;
  level: RiskLevel;
}

export function riskOf(facts: KeyRiskFacts, { policy, nowMs }: { policy: KeyPolicy; nowMs: number }): RiskVerdict {
  const found: Record<KeyRisk, boolean> = {
    // A management key spends nothing itself, and has no limit to set.
    no_limit: facts.kind === "inference" && !facts.hasLimit,
    many_networks: facts.networks !== null && facts.networks >= MANY_NETWORKS,
    idle: nowMs - (facts.lastUsedAt ?? facts.createdAt) >= IDLE_AFTER_DAYS * DAY_MS,
    no_addresses: !facts.hasAddresses,
    no_expiry: facts.expiresAt === null,
    over_lifetime: !endsInTime(policy, facts.secretMadeAt, facts.expiresAt),
  };
  const risks = KEY_RISKS.filter((risk) => found[risk]);
  const score = risks.reduce((sum, risk) => sum + RISK_POINTS[risk], 0);
  return { risks, score, level: levelOf(score) };
}

function levelOf(score: number): RiskLevel {
  if (score === 0) return "none";
  if (score < MEDIUM_FROM) return "low";
  return score < HIGH_FROM ? "medium" : "high";
}
