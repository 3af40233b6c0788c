/**
 * How honest keys are used. Each class says how a day's work is spread over its hours, and what happens to it that is
 * unusual and yet honest. The parameters are guesses: a figure from here is a floor for regressions, not a claim about
 * the world. The classes of `HELD_OUT` were written before the rules were tuned, and are looked at only in reports.
 */
import type { SeededRandom } from "../../src/kernel/seeded-random.ts";

export type Owner =
  | "steady"
  | "office"
  | "batch"
  | "bursty"
  | "growing"
  | "launch"
  | "moves"
  | "price-change"
  | "month-end"
  | "nights"
  | "roaming"
  | "many-regions"
  | "holiday"
  | "migration";

export const TUNED: readonly [Owner, ...Owner[]] = [
  ...(["steady", "steady", "office", "office", "batch", "bursty", "growing"] as const),
  ...(["launch", "moves", "price-change", "month-end"] as const),
];
export const HELD_OUT: readonly [Owner, ...Owner[]] = ["nights", "roaming", "many-regions", "holiday", "migration"];

export const DAYS = 42;
/** Before this day the detector only learns. */
export const JUDGED_FROM_DAY = 28;

/** What a key has, drawn once. */
export interface Habits {
  owner: Owner;
  dayUsd: number;
  callsPerDay: number;
  networks: [string, ...string[]];
  program: string;
  model: string;
  /** The hour (UTC) at which its day begins. */
  morning: number;
  /** When something happens to it, and how large it is. */
  eventDay: number;
  factor: number;
  /** Which of a batch's or month's days it is. */
  phase: number;
}

/** How the work of one hour looks. */
export interface Hour {
  calls: number;
  usdPerCall: number;
  network(random: SeededRandom): string;
  program: string;
  model: string;
}

const PROGRAMS: readonly [string, ...string[]] = [
  "OpenAI/Python 2.8.1",
  "OpenAI/JS 6.49.0",
  "langchain/1.4",
  "axios/1.16",
  "python-requests/2.32",
  "claude-cli/2.1",
];
const MODELS: readonly [string, ...string[]] = [
  "openai/gpt-6-mini",
  "anthropic/claude-sonnet-5",
  "google/gemini-3-flash",
  "deepseek/deepseek-v4",
];
export const DEAR_MODEL = "anthropic/claude-opus-5";

export function newNetwork(random: SeededRandom): string {
  return `${Math.floor(random.between(11, 190))}.${Math.floor(random.between(0, 255))}.${Math.floor(random.between(0, 255))}`;
}

export function anyProgram(random: SeededRandom): string {
  return random.pick(PROGRAMS);
}

export function drawHabits(owner: Owner, random: SeededRandom): Habits {
  const networks: [string, ...string[]] = [newNetwork(random)];
  const more = owner === "many-regions" ? 5 : random.chance(0.4) ? 1 : 0;
  for (let index = 0; index < more; index++) networks.push(newNetwork(random));
  return {
    owner,
    dayUsd: random.logBetween(0.2, 200),
    callsPerDay: random.logBetween(20, 200),
    networks,
    program: random.pick(PROGRAMS),
    model: random.pick(MODELS),
    morning: Math.floor(random.between(0, 24)),
    eventDay: Math.floor(random.between(JUDGED_FROM_DAY, DAYS - 1)),
    factor: random.between(2, 4),
    phase: Math.floor(random.between(0, 24)),
  };
}

/** The work of hour `hour` of day `day`; day 0 is a Monday. */
export function hourOf(
  habits: Habits,
  { day, hour, dayFactor }: { day: number; hour: number; dayFactor: number },
): Hour {
  const share = shareOf(habits, day, hour) * dayFactor * factorOf(habits, day);
  const price = habits.owner === "price-change" && day >= habits.eventDay ? habits.factor / 1.8 : 1;
  const hasMoved = day >= habits.eventDay;
  const { owner } = habits;
  const networks = habits.networks;
  const moved = `${habits.networks[0].split(".")[0]}.${habits.eventDay}.${habits.phase}`;
  return {
    calls: habits.callsPerDay * share,
    usdPerCall: (habits.dayUsd / habits.callsPerDay) * price,
    network: (random) => {
      if (owner === "roaming" && random.chance(0.5)) return `${100 + (day % 60)}.${habits.phase}.${(day * 7) % 250}`;
      if ((owner === "moves" || owner === "migration") && hasMoved) return moved;
      if (owner === "launch" && hasMoved && random.chance(0.5)) return moved;
      return random.pick(networks);
    },
    program: owner === "migration" && hasMoved ? "vercel-ai-sdk/6.0" : habits.program,
    model: (owner === "migration" || owner === "price-change") && hasMoved ? "openai/gpt-6" : habits.model,
  };
}

/** Of a day's work, what falls into this hour. */
function shareOf({ owner, morning, phase }: Habits, day: number, hour: number): number {
  const sinceMorning = (hour - morning + 24) % 24;
  const isWeekend = day % 7 >= 5;
  switch (owner) {
    case "office":
    case "moves":
      return isWeekend ? (sinceMorning < 10 ? 0.004 : 0) : sinceMorning < 10 ? 0.1 : 0.001;
    case "nights":
      return isWeekend ? (sinceMorning < 6 ? 0.17 : 0) : sinceMorning < 3 ? 0.06 : 0;
    case "batch":
    case "month-end":
      return hour === phase ? 0.9 : hour === (phase + 1) % 24 ? 0.1 : 0;
    case "bursty":
    case "roaming":
      return sinceMorning < 14 ? ((day * 31 + hour * 17 + phase) % 5 === 0 ? 0.25 : 0.025) : 0;
    default:
      return 1 / 24;
  }
}

/** In how many hours of a day an owner spends: a thief who is `factor` times as loud is that much louder than one of them. */
export function workingHoursOf(owner: Owner): number {
  switch (owner) {
    case "office":
    case "moves":
      return 10;
    case "nights":
      return 4;
    case "batch":
    case "month-end":
      return 1;
    case "bursty":
    case "roaming":
      return 14;
    default:
      return 24;
  }
}

/** What is larger than on other days, and yet honest. */
function factorOf({ owner, eventDay, factor }: Habits, day: number): number {
  switch (owner) {
    case "growing":
      return 1.04 ** day;
    case "launch":
      return day >= eventDay ? factor : 1;
    case "month-end":
      return day % 30 >= 27 ? factor : 1;
    case "holiday":
      return day >= eventDay - 14 && day < eventDay ? 0 : 1;
    default:
      return 1;
  }
}

/** How much one day differs from another. */
export function dayFactorOf({ owner }: Habits, random: SeededRandom): number {
  const spread = owner === "bursty" || owner === "roaming" ? 0.6 : 0.2;
  return Math.exp(spread * random.normal() - (spread * spread) / 2);
}
