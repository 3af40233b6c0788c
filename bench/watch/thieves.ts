/**
 * How stolen keys are used: beside their owner's work, which goes on. Loud thieves resell, medium ones work, slow ones
 * hide. Those that are held out know more about the owner, or change their place.
 */

import type { SeededRandom } from "../../src/kernel/seeded-random.ts";
import { anyProgram, DEAR_MODEL, type Habits, JUDGED_FROM_DAY, newNetwork, workingHoursOf } from "./owners.ts";

export type Loudness = "loud" | "medium" | "slow";

export interface Theft {
  loudness: Loudness;
  isHeldOut: boolean;
  /** Hours since the trace began; the second is not part of it. */
  fromHour: number;
  toHour: number;
  usdPerHour(hour: number): number;
  callsPerHour: number;
  network(random: SeededRandom): string;
  program: string;
  model: string;
}

/** How many times the owner's usual spending, and for how many hours. */
const SIZES: Record<Loudness, Size> = {
  loud: { factor: [20, 100], hours: [3, 24], calls: { least: 60, times: 10 } },
  medium: { factor: [3, 8], hours: [24, 72], calls: { least: 8, times: 2 } },
  slow: { factor: [0.5, 1.2], hours: [120, 240], calls: { least: 2, times: 0.5 } },
};

interface Size {
  factor: [number, number];
  hours: [number, number];
  /** In an hour: so many times the owner's calls, and at least so many, because who resells has many customers. */
  calls: { least: number; times: number };
}

export function drawTheft(
  loudness: Loudness,
  habits: Habits,
  { isHeldOut, random }: { isHeldOut: boolean; random: SeededRandom },
): Theft {
  const { factor, hours, calls } = SIZES[loudness];
  const { least, times } = calls;
  const fromHour = Math.floor(random.between((JUDGED_FROM_DAY + 1) * 24, (JUDGED_FROM_DAY + 4) * 24));
  const toHour = fromHour + Math.floor(random.between(...hours));
  // A reseller is measured by the hour, as many times one in which the owner works; the others by the day.
  const hoursOfDay = loudness === "loud" ? workingHoursOf(habits.owner) : 24;
  const usdPerHour = (Math.max(habits.dayUsd, 1) * random.between(...factor)) / hoursOfDay;
  const isNear = random.chance(0.3);
  const place = isNear ? random.pick(habits.networks) : newNetwork(random);
  const knowsProgram = random.chance(isHeldOut ? 0.7 : 0.3);
  // Of the held-out ones some keep the owner's hours, some begin softly, some change their place.
  const style = isHeldOut ? random.pick(["hours", "ramp", "rotate"] as const) : "plain";
  return {
    loudness,
    isHeldOut,
    fromHour,
    toHour,
    usdPerHour: (hour) => {
      if (style === "hours") return (hour - habits.morning + 24) % 24 < 10 ? usdPerHour * 2.4 : 0;
      if (style === "ramp") return usdPerHour * Math.min(2, (2 * (hour - fromHour)) / (toHour - fromHour));
      return usdPerHour;
    },
    callsPerHour: Math.max(least, (habits.callsPerDay / 24) * times),
    network: (each) => (style === "rotate" && each.chance(0.3) ? newNetwork(each) : place),
    program: knowsProgram ? habits.program : anyProgram(random),
    model: random.chance(0.5) ? habits.model : DEAR_MODEL,
  };
}
