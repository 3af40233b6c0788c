/** The books of budgets and credit, checked as `gapura ledger verify` does: every record against every movement. */
import type { Config } from "../../config/schema.ts";
import { inspectBooks } from "../../storage/inspect.ts";
import { type Finding, fail, ok } from "./finding.ts";

const MOST_SHOWN = 3;

/** Nothing where the database cannot be read, which its own check explains. */
export async function checkBooks(config: Config): Promise<Finding[]> {
  const place = { dataDir: config.dataDir, databaseUrl: config.databaseUrl?.reveal() };
  const breaches = await inspectBooks(place).catch(() => null);
  if (breaches === null) return [];
  if (breaches.length === 0) return [ok("ledger", "every record, limit and movement of money adds up")];
  const shown = breaches.slice(0, MOST_SHOWN).map(({ invariant, text }) => `${invariant}: ${text}`);
  const more = breaches.length > MOST_SHOWN ? `; and ${breaches.length - MOST_SHOWN} more` : "";
  return [
    fail(
      "ledger",
      `${shown.join("; ")}${more}`,
      "See all of it: gapura ledger verify. Keep a backup before anything else.",
    ),
  ];
}
