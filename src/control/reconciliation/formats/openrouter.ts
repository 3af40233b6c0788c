import type { ExportFormat } from "../entry.ts";

/** The activity of an OpenRouter account, or of a Gapura: a line for each request. */
export const openrouterActivity: ExportFormat = {
  name: "OpenRouter activity",
  provider: "openrouter",
  columns: ["generation_id", "created_at", "cost_total", "tokens_prompt", "tokens_completion", "model_permaslug"],
  read: (row) => ({
    id: row.text("generation_id"),
    atMs: row.time("created_at"),
    model: row.text("model_permaslug"),
    requests: 1,
    inputTokens: row.count("tokens_prompt"),
    outputTokens: row.count("tokens_completion"),
    costNano: row.amount("cost_total"),
  }),
};
