/** The defaults as a form holds them. The server decides; this only spares a round trip. */
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { RoutingDefaults } from "../../../../src/contract/schemas/routing.ts";
import { textOf } from "../account/entries.ts";

export const UNITS = ["prompt", "completion", "request", "image", "audio"] as const;
export type Unit = (typeof UNITS)[number];
export const SORTS = ["price", "throughput", "latency", "exacto"] as const;

/** A comma counts as the decimal point it is in Indonesian; an empty field is no bound. */
export function typedAmount(text: string): string | null {
  const amount = text
    .trim()
    .replace(/^\$\s*/, "")
    .replace(",", ".");
  return amount === "" ? null : amount;
}

export function isAmount(amount: string | null): boolean {
  return amount === null || /^\d{1,10}(\.\d{1,9})?$/.test(amount);
}

/** The lists are kept beside the form, because they are more than one field. */
export function defaultsBody(
  form: FormData,
  lists: Pick<RoutingDefaults, "only" | "ignore">,
): Required<BodyOf<"updateRouting">> & { maxPrice: Record<Unit, string | null> } {
  const amount = (unit: Unit) => typedAmount(textOf(form, `price_${unit}`));
  const model = textOf(form, "defaultModel").trim();
  return {
    only: lists.only === null || lists.only.length === 0 ? null : lists.only,
    ignore: lists.ignore,
    denyDataCollection: form.has("denyDataCollection"),
    zeroDataRetention: form.has("zeroDataRetention"),
    sort: SORTS.find((sort) => sort === textOf(form, "sort")) ?? null,
    maxPrice: {
      prompt: amount("prompt"),
      completion: amount("completion"),
      request: amount("request"),
      image: amount("image"),
      audio: amount("audio"),
    },
    defaultModel: model === "" ? null : model,
  };
}

/** True where something is set. */
export function setsSomething(defaults: RoutingDefaults): boolean {
  const { only, ignore, denyDataCollection, zeroDataRetention, sort, maxPrice } = defaults;
  const hasPrice = Object.values(maxPrice).some((amount) => amount !== null);
  return only !== null || ignore.length > 0 || denyDataCollection || zeroDataRetention || sort !== null || hasPrice;
}
