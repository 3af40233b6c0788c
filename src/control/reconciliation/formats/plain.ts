import { CellProblem, type ExportFormat } from "../entry.ts";

/** The format of one's own, for every other provider: docs/budgets.md describes its fields. Also as JSON lines. */
export const plainUsage: ExportFormat = {
  name: "plain",
  provider: null,
  columns: ["time", "model"],
  read: (row) => {
    const entry = {
      id: row.text("id"),
      atMs: row.time("time"),
      model: row.text("model"),
      requests: row.count("requests") ?? (row.text("id") === null ? null : 1),
      inputTokens: row.count("input_tokens"),
      outputTokens: row.count("output_tokens"),
      costNano: row.amount("cost_usd"),
    };
    const says = [entry.requests, entry.inputTokens, entry.outputTokens, entry.costNano];
    if (says.every((value) => value === null)) {
      throw new CellProblem("needs one of requests, input_tokens, output_tokens and cost_usd");
    }
    return entry;
  },
};
