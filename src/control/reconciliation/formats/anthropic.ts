import type { ExportFormat } from "../entry.ts";

/** Token usage: a line for each stretch of time, model and key. Input stands in a column for each way it was cached. */
export const anthropicUsage: ExportFormat = {
  name: "Anthropic usage",
  provider: "anthropic",
  columns: ["usage_date_utc", "model_version", "usage_input_tokens_no_cache", "usage_output_tokens"],
  read: (row) => ({
    id: null,
    atMs: row.time("usage_date_utc"),
    model: row.text("model_version"),
    requests: null,
    inputTokens: row
      .columns()
      .filter((column) => column.startsWith("usage_input_tokens"))
      .reduce((sum, column) => sum + (row.count(column) ?? 0), 0),
    outputTokens: row.count("usage_output_tokens") ?? 0,
    costNano: null,
  }),
};

/** Costs: a line for each day, model and kind of token. */
export const anthropicCosts: ExportFormat = {
  name: "Anthropic costs",
  provider: "anthropic",
  columns: ["usage_date_utc", "model", "cost_usd"],
  read: (row) => {
    const costNano = row.amount("cost_usd");
    if (costNano === null) return null;
    const none = { id: null, requests: null, inputTokens: null, outputTokens: null };
    return { ...none, atMs: row.time("usage_date_utc"), model: row.text("model"), costNano };
  },
};
