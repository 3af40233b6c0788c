/** The audit log of a running server: its checkpoints, and what changed in the settings since the last start. */
import { settingValues } from "../cli/checks/settings.ts";
import type { Config } from "../config/schema.ts";
import { makeCheckpoint } from "../control/audit/checkpoints.ts";
import { changedFacts, SYSTEM } from "../kernel/audit.ts";
import type { Clock } from "../kernel/clock.ts";
import { isJsonObject, parseJson } from "../kernel/json.ts";
import type { AuditStore } from "../storage/stores/audit.ts";
import type { Log } from "../telemetry/log.ts";

interface Parts {
  audit: AuditStore;
  clock: Clock;
  log: Log;
  config: Config;
}

/** Where the settings of the last start are kept. */
const KNOWN_SETTINGS = "audited_settings";

/** Makes a checkpoint when there is something new. A log that was tampered with is an error of its own. */
export function auditCheckpoint({ audit, clock, log, config }: Parts): () => Promise<void> {
  return () =>
    makeCheckpoint({
      audit,
      clock,
      dataDir: config.dataDir,
      onCheckpoint: ({ seq, hash, keyId, signature }) =>
        log.info("audit.checkpoint", { count: seq, reason: `head ${hash} key ${keyId} signature ${signature}` }),
      onBroken: ({ problems }) => {
        const [first] = problems;
        const reason = `the audit log is not what was written: ${first?.problem} at row ${first?.seq}`;
        log.error("audit.broken", { count: problems.length, reason });
      },
    });
}

/** Settings come from files and the environment, where nobody sees who changes them: so each start compares. */
export async function recordSettings({ audit, config }: Parts): Promise<void> {
  const now = settingValues(config);
  await audit.together(async (db, record) => {
    const table = db.selectFrom("instance").select("value").where("name", "=", KNOWN_SETTINGS);
    const known = parseJson((await table.executeTakeFirst())?.value ?? "null");
    const before = known.ok && isJsonObject(known.value) ? known.value : {};
    const { before: was, after: is } = changedFacts(before, now);
    if (Object.keys(is).length === 0) return;
    const value = JSON.stringify(now);
    await db
      .insertInto("instance")
      .values({ name: KNOWN_SETTINGS, value })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
      .execute();
    const isFirst = Object.keys(before).length === 0;
    const facts = isFirst ? { after: now } : { before: was, after: is };
    await record({ actor: SYSTEM, action: "settings.change", target: { kind: "settings", id: null }, ...facts });
  });
}
