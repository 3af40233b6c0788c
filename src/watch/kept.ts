/** Reads what was kept of a key. What cannot be read is forgotten, and the key begins to learn anew. */
import { arrayField, type JsonObject, type JsonValue, objectField, stringField } from "../kernel/json.ts";
import type { HoursState } from "./hours.ts";
import type { Accepted, ProfileState } from "./profile.ts";
import type { RefusalsState } from "./refusals.ts";
import type { SeenState } from "./seen.ts";

export function readState(kept: JsonObject): ProfileState {
  const told = stringField(kept, "toldLevel");
  return {
    bornMs: numberOf(kept.bornMs) ?? 0,
    lastMs: numberOf(kept.lastMs) ?? 0,
    toldAtMs: numberOf(kept.toldAtMs),
    toldLevel: told === "notice" || told === "alert" || told === "sure" ? told : null,
    spending: hoursOf(objectField(kept, "spending")),
    calls: hoursOf(objectField(kept, "calls")),
    networks: seenOf(objectField(kept, "networks")),
    programs: seenOf(objectField(kept, "programs")),
    models: seenOf(objectField(kept, "models")),
    refusals: refusalsOf(objectField(kept, "refusals")),
    accepted: acceptedOf(objectField(kept, "accepted")),
  };
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function hoursOf(kept: JsonObject = {}): HoursState {
  return {
    hour: numberOf(kept.hour) ?? 0,
    step: numberOf(kept.step) ?? 0,
    hours: stringField(kept, "hours") ?? "",
    steps: stringField(kept, "steps") ?? "",
    quarters: stringField(kept, "quarters") ?? "",
  };
}

function seenOf(kept: JsonObject = {}): SeenState {
  return {
    entries: arrayField(kept, "entries").flatMap((entry) => {
      const [name, firstMs, lastMs, weight] = Array.isArray(entry) ? entry : [];
      const isWhole = typeof name === "string" && typeof firstMs === "number" && typeof lastMs === "number";
      return isWhole && typeof weight === "number" ? [[name, firstMs, lastMs, weight] as const] : [];
    }),
  };
}

function refusalsOf(kept: JsonObject = {}): RefusalsState {
  return {
    minutes: arrayField(kept, "minutes").flatMap((entry) => {
      const [minute, count] = Array.isArray(entry) ? entry : [];
      return typeof minute === "number" && typeof count === "number" ? [[minute, count] as const] : [];
    }),
    networks: arrayField(kept, "networks").filter((name) => typeof name === "string"),
    toldAtMs: numberOf(kept.toldAtMs),
  };
}

function acceptedOf(kept: JsonObject | undefined): Accepted | null {
  if (kept === undefined) return null;
  const of = (name: string) => numberOf(kept[name]) ?? 0;
  return { atMs: of("atMs"), dayUsd: of("dayUsd"), hourUsd: of("hourUsd"), hourCalls: of("hourCalls") };
}
