import { CellProblem, type ExportFormat } from "../entry.ts";

/** Usage of completions or embeddings: a line for each stretch of time and model. Stretches without any are empty. */
export const openaiUsage: ExportFormat = {
  name: "OpenAI usage",
  provider: "openai",
  columns: ["start_time", "num_model_requests", "input_tokens"],
  read: (row) => {
    const requests = row.count("num_model_requests");
    if (requests === null) return null;
    return {
      id: null,
      atMs: row.time("start_time"),
      model: row.text("model"),
      requests,
      inputTokens: row.count("input_tokens"),
      outputTokens: row.count("output_tokens") ?? 0,
      costNano: null,
    };
  },
};

/** Costs: a line for each day, and for each kind of charge where the export is split by it ("gpt-4o, input"). */
export const openaiCosts: ExportFormat = {
  name: "OpenAI costs",
  provider: "openai",
  columns: ["start_time", "amount_value", "amount_currency"],
  read: (row) => {
    const costNano = row.amount("amount_value");
    if (costNano === null) return null;
    const currency = row.text("amount_currency") ?? "usd";
    if (currency.toLowerCase() !== "usd") throw new CellProblem(`amount_currency is ${currency}; only usd is compared`);
    const model = row.text("line_item")?.split(",")[0]?.trim() ?? null;
    const none = { id: null, requests: null, inputTokens: null, outputTokens: null };
    return { ...none, atMs: row.time("start_time"), model, costNano };
  },
};
