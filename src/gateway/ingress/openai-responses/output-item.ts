/** What the kinds of output items have in common. */
import type { JsonObject } from "../../../kernel/json.ts";

/** An event of the stream, still without its number. */
export type Step = JsonObject & { type: string };

export function step(type: string, fields: JsonObject): Step {
  return { type, ...fields };
}

export interface ItemPlace {
  /** Among the items of the response. */
  index: number;
  id: string;
}

export interface OpenItem {
  readonly place: ItemPlace;
  /** The item as it stands now. */
  readonly body: JsonObject;
  /** Ends its open part; the item's own end is told by who holds the items. */
  close(status: "completed" | "incomplete"): Step[];
}
