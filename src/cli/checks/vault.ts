/** The encryption key, and whether it opens every provider key of the dashboard. Nothing is created or changed. */
import { keyFileOf, keyRingSource, usesKeyFile } from "../../config/encryption-keys.ts";
import type { Config } from "../../config/schema.ts";
import type { KeyRing } from "../../kernel/envelope.ts";
import { inspectProviderKeys } from "../../storage/inspect.ts";
import type { ProviderKeyRow } from "../../storage/schema.ts";
import { unreadable } from "../../storage/stores/provider-keys.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

export interface VaultCheck {
  /** The stored providers; none when they cannot be read, which the check of the database explains. */
  rows: ProviderKeyRow[];
  findings: Finding[];
}

export async function checkVault(config: Config): Promise<VaultCheck> {
  const place = { dataDir: config.dataDir, databaseUrl: config.databaseUrl?.reveal() };
  const rows = await inspectProviderKeys(place).catch(() => null);
  if (rows === null) return { rows: [], findings: [] };
  try {
    return { rows, findings: [checkKeys(config, rows, keyRingSource(config)())].flat() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { rows, findings: [fail("encryption", reason.replace(/\.$/, ""), RESTORE)] };
  }
}

const RESTORE = "Put back the copy of encryption.keys that was kept, or set ENCRYPTION_KEY.";

function checkKeys(config: Config, rows: readonly ProviderKeyRow[], ring: KeyRing | null): Finding[] {
  if (ring === null) return [withoutKey(config, rows)];
  const place = usesKeyFile(config) ? keyFileOf(config) : "ENCRYPTION_KEY";
  const lost = unreadable(rows, ring);
  if (lost.length > 0) return lost.map((row) => lockedFinding(row, ring));
  const count = `${rows.length} provider key${rows.length === 1 ? "" : "s"} of the dashboard`;
  const old = rows.filter((row) => row.kek_id !== ring.currentId);
  const opens = rows.length === 0 ? "nothing is sealed yet" : `opens all of ${count}`;
  const findings = [ok("encryption", `${place}, key ${ring.currentId}, ${opens}`)];
  if (old.length === 0) return findings;
  const text = `${old.length} of them still need an older encryption key`;
  return [...findings, warn("encryption", text, "Run gapura vault rotate before that key is taken away.")];
}

function withoutKey(config: Config, rows: readonly ProviderKeyRow[]): Finding {
  if (rows.length > 0) {
    const text = `there is no encryption key, so ${rows.length} stored provider keys cannot be opened`;
    return fail("encryption", text, usesKeyFile(config) ? RESTORE : "Set ENCRYPTION_KEY to the key that was used.");
  }
  if (usesKeyFile(config)) return ok("encryption", `none yet; the next start creates ${keyFileOf(config)}`);
  const fix = "To use that, set ENCRYPTION_KEY to what openssl rand -base64 32 prints, the same on every node.";
  return warn("encryption", "there is no encryption key, so no provider can be added in the dashboard", fix);
}

function lockedFinding(row: ProviderKeyRow, ring: KeyRing): Finding {
  if (!ring.has(row.kek_id)) {
    const text = `the key of ${row.slug} was sealed with the encryption key ${row.kek_id}, which is not known`;
    return fail("encryption", text, `${RESTORE} If it is lost: gapura vault discard.`);
  }
  const text = `the record of ${row.slug} was changed in the database and does not open`;
  return fail("encryption", text, "Type its key again on the Providers page, or remove it there.");
}
