/**
 * What the owner of the instance demands of every key, and how keys are held to it: when they are made, when their end is
 * set, and when they are rotated. Keys that were there before stay as they are and are shown as what they are.
 */
import { type AuditActor, changedFacts } from "../../kernel/audit.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { endsInTime, type KeyPolicy, latestEnd } from "../../kernel/key-life.ts";
import type { Db } from "../../storage/open.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { readKeyPolicy, writeKeyPolicy } from "../../storage/stores/key-policy.ts";
import { isoTime } from "./key-view.ts";

/** Throws key_lifetime_too_long for a key that ends later than the instance allows, or never. */
export async function requirePolicy(
  db: Db,
  { secretMadeAt, expiresAt }: { secretMadeAt: number; expiresAt: number | null },
): Promise<void> {
  const policy = await readKeyPolicy(db);
  const latest = latestEnd(policy, secretMadeAt);
  if (latest === null || endsInTime(policy, secretMadeAt, expiresAt)) return;
  throw new GapuraError("key_lifetime_too_long", {
    values: { days: policy.maxLifetimeDays ?? 0, latest: isoTime(latest) },
    metadata: {
      max_lifetime_days: policy.maxLifetimeDays,
      latest_expires_at: isoTime(latest),
      problems: [{ field: "expiresAt", problem: "ends later than this instance allows" }],
    },
  });
}

/** The end that a key gets for which nobody can be asked: as wished, and not later than is allowed. */
export async function withinPolicy(db: Db, expiresAt: number | null, nowMs: number): Promise<number | null> {
  const latest = latestEnd(await readKeyPolicy(db), nowMs);
  if (latest === null || expiresAt === null) return expiresAt ?? latest;
  return Math.min(expiresAt, latest);
}

export async function setKeyPolicy(audit: AuditStore, actor: AuditActor, policy: KeyPolicy): Promise<void> {
  await audit.together(async (db, record) => {
    const before = await readKeyPolicy(db);
    await writeKeyPolicy(db, policy);
    const facts = changedFacts({ ...before }, { ...policy });
    if (Object.keys(facts.after).length === 0) return;
    await record({ actor, action: "policy.change", target: { kind: "policy", id: null }, ...facts });
  });
}
