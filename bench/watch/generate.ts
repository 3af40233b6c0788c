/** The trace of one key: its owner's calls, and its thief's where it has one, in the order in which they came. */

import { SeededRandom } from "../../src/kernel/seeded-random.ts";
import type { Sample } from "../../src/watch/sample.ts";
import { DAYS, dayFactorOf, drawHabits, type Hour, hourOf, type Owner } from "./owners.ts";
import { drawTheft, type Loudness, type Theft } from "./thieves.ts";

const HOUR_MS = 3_600_000;
/** A Monday. */
const BEGAN_MS = Date.UTC(2026, 0, 5);

export interface LabelledSample extends Sample {
  /** The thief's class on what is not the owner's. */
  label: string | null;
}

export interface KeyTrace {
  keyId: string;
  owner: Owner;
  theft: Theft | null;
  samples: LabelledSample[];
}

export interface KeyPlan {
  keyId: string;
  owner: Owner;
  theft: Loudness | null;
  isHeldOut: boolean;
  seed: number;
}

export function traceOf({ keyId, owner, theft: loudness, isHeldOut, seed }: KeyPlan): KeyTrace {
  const random = new SeededRandom(seed);
  const habits = drawHabits(owner, random);
  const theft = loudness === null ? null : drawTheft(loudness, habits, { isHeldOut, random });
  const samples: LabelledSample[] = [];
  for (let day = 0; day < DAYS; day++) {
    const dayFactor = dayFactorOf(habits, random);
    for (let hour = 0; hour < 24; hour++) {
      const index = day * 24 + hour;
      const own = calls(keyId, { index, label: null, ...hourOf(habits, { day, hour, dayFactor }) }, random);
      const stolen = theft === null ? [] : thievesCalls(keyId, theft, { index, random });
      samples.push(...[...own, ...stolen].sort((one, other) => one.atMs - other.atMs));
    }
  }
  return { keyId, owner, theft, samples };
}

function thievesCalls(
  keyId: string,
  theft: Theft,
  { index, random }: { index: number; random: SeededRandom },
): LabelledSample[] {
  if (index < theft.fromHour || index >= theft.toHour) return [];
  const { callsPerHour, loudness } = theft;
  const usdPerCall = theft.usdPerHour(index) / callsPerHour;
  if (usdPerCall === 0) return [];
  return calls(keyId, { ...theft, index, label: loudness, calls: callsPerHour, usdPerCall }, random);
}

function calls(
  keyId: string,
  hour: Hour & { index: number; label: Loudness | null },
  random: SeededRandom,
): LabelledSample[] {
  return Array.from({ length: random.count(hour.calls) }, () => ({
    atMs: BEGAN_MS + (hour.index + random.next()) * HOUR_MS,
    keyId,
    address: `${hour.network(random)}.${Math.floor(random.between(1, 30))}`,
    model: hour.model,
    costUsd: hour.usdPerCall * Math.exp(0.5 * random.normal() - 0.125),
    userAgent: hour.program,
    label: hour.label,
  }));
}
