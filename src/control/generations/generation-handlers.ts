/**
 * Single generations for programs: what they were, and what people say of them.
 *
 * Invariants: a generation of another account is not there, exactly like one that never was; a record is durable before
 * its answer ends, so whoever has read an answer to its end finds it.
 */
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { FeedbackStore } from "../../storage/stores/feedback.ts";
import type { PayloadStore } from "../../storage/stores/payloads.ts";
import type { UsageEntry, UsageStore } from "../../storage/stores/usage.ts";
import type { AdmittedKey, Handlers } from "../http/handler.ts";
import { contentView } from "./content-view.ts";
import { generationView } from "./generation-view.ts";

export interface GenerationDeps {
  usage: UsageStore;
  feedback: FeedbackStore;
  /** Null while payload logging is off. */
  payloads: PayloadStore | null;
  clock: Clock;
}

export function generationHandlers(
  deps: GenerationDeps,
): Handlers<"getGeneration" | "getGenerationContent" | "submitGenerationFeedback"> {
  const found = async ({ userId, onlyBy }: AdmittedKey, id: string): Promise<UsageEntry> => {
    const row = await deps.usage.find(userId, id, onlyBy);
    if (row === null) throw notThere(`The generation ${id}`);
    return row;
  };
  return {
    getGeneration: async ({ key, query }) => ({ body: { data: generationView(await found(key, query.id)) } }),
    getGenerationContent: async ({ key, query }) => {
      if (deps.payloads === null) throw new GapuraError("payload_logging_off");
      const row = await found(key, query.id);
      const payload = await deps.payloads.find(key.userId, row.id);
      if (payload === null) throw notThere(`The content of ${row.id}`);
      return { body: { data: contentView(row, payload) } };
    },
    submitGenerationFeedback: async ({ key, body }) => {
      const { generation_id, category, comment = null } = body;
      await found(key, generation_id);
      const said = { generation_id, category, comment, user_id: key.userId, key_id: key.id };
      await deps.feedback.put(said, deps.clock.nowMs());
      return { body: { data: { success: true } } };
    },
  };
}

function notThere(what: string): GapuraError {
  return new GapuraError("resource_not_found", { values: { what } });
}
