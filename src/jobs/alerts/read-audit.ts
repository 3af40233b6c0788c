/** Reads on in the audit log, and tells people of what concerns them. Each row is read once, by whichever process judges. */
import { DAY_MS } from "../../kernel/windows.ts";
import type { AuditTail } from "../../storage/stores/audit-tail.ts";
import type { WatchStore } from "../../storage/stores/watch.ts";
import { type AuditFinding, findingOf, logInOf, TELLING_ACTIONS } from "./from-audit.ts";

export interface AuditReaderDeps {
  tail: AuditTail;
  store: Pick<WatchStore, "auditRead" | "readAudit">;
  /** Keeps it and tells whom it concerns. What rejects is tried again. */
  tell(finding: AuditFinding): Promise<void>;
}

/** Log-ins from a place or device that was not seen for longer than this are new again. */
const LOG_INS_COUNT_FOR_MS = 180 * DAY_MS;
const TELLING: ReadonlySet<string> = new Set(TELLING_ACTIONS);

export async function readAudit({ tail, store, tell }: AuditReaderDeps): Promise<void> {
  for (;;) {
    const from = await store.auditRead();
    const rows = await tail.after(from);
    const last = rows.at(-1);
    if (last === undefined) return;
    for (const row of rows) {
      if (!TELLING.has(row.action)) continue;
      const isLogIn = row.action === "session.create" && row.target_id !== null;
      const since = { seq: row.seq, sinceMs: row.at - LOG_INS_COUNT_FOR_MS };
      const logIns = isLogIn ? await tail.logInsBefore(row.target_id ?? "", since) : [];
      const finding = findingOf(row, logIns.map(logInOf));
      if (finding !== null) await tell(finding);
    }
    if (!(await store.readAudit(from, last.seq))) return;
  }
}
