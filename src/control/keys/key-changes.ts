/** What the handlers of keys share: refusals, and telling the data plane of every change. */
import { BOUNDS, UNBOUNDED } from "../../contract/schemas/keys.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { ApiKeyRecord } from "../../storage/schema.ts";
import type { KeyChanges, RateCaps } from "../../storage/stores/keys.ts";

/** Tells the data plane at once; the change is durable already. */
export type OnKeyChanged = (change: Pick<ApiKeyRecord, "id" | "hash" | "version">) => void;

export function keyNotFound(): GapuraError {
  return new GapuraError("resource_not_found", { values: { what: "This API key" } });
}

/** A field that its schema lets pass and that cannot be meant. */
export function fieldProblem(field: string, problem: string): GapuraError {
  return new GapuraError("invalid_field", {
    values: { field, reason: problem },
    metadata: { problems: [{ field, problem }] },
  });
}

type Given<Caps> = { [Cap in keyof Caps]?: Caps[Cap] | undefined };

/** The caps that were named; the others stay as they are. */
export function namedCaps({ rpm, tpm, parallel }: Given<RateCaps>): Partial<RateCaps> {
  return {
    ...(rpm === undefined ? {} : { rpm }),
    ...(tpm === undefined ? {} : { tpm }),
    ...(parallel === undefined ? {} : { parallel }),
  };
}

/** Throws invalid_field where a limit is among the changes: a management key calls nothing that could be limited. */
export function refuseBounds({ limitNano, rateCaps, allowedModels }: KeyChanges): void {
  const { rpm, tpm, parallel } = rateCaps ?? {};
  const given = { limitUsd: limitNano, rpm, tpm, parallel, allowedModels };
  const bound = BOUNDS.find((field) => given[field] != null);
  if (bound !== undefined) throw fieldProblem(bound, UNBOUNDED);
}

/** Throws invalid_field for an expiry that has passed. */
export function requireFuture(field: string, timeMs: number | null, nowMs: number): number | null {
  if (timeMs !== null && timeMs <= nowMs) throw fieldProblem(field, "must be in the future");
  return timeMs;
}
