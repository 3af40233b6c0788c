/** What answers cost beyond what had been set aside for them: the operator pays it, so the operator is told. */
import type { Config } from "../../config/schema.ts";
import { usdString } from "../../kernel/money.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import { inspectOperatorLoss } from "../../storage/inspect.ts";
import { type Finding, ok, warn } from "./finding.ts";

const LOOK_BACK_DAYS = 30;

/** Nothing where the database cannot be read, which its own check explains. */
export async function checkMoney(config: Config, nowMs: number): Promise<Finding[]> {
  const place = { dataDir: config.dataDir, databaseUrl: config.databaseUrl?.reveal() };
  const loss = await inspectOperatorLoss(place, nowMs - LOOK_BACK_DAYS * DAY_MS).catch(() => null);
  if (loss === null) return [];
  if (loss.requests === 0)
    return [ok("money", `no answer of the last ${LOOK_BACK_DAYS} days cost more than was set aside`)];
  const text = `answers of the last ${LOOK_BACK_DAYS} days that cost more than was set aside: ${loss.requests}, by ${usdString(loss.nano)} USD; nobody was charged for it`;
  return [warn("money", text, "See which providers bill beyond the bound they are given: gapura reconcile FILE.")];
}
