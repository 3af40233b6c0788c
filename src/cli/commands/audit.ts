/** The audit log at the terminal: what stands in it, and whether it is what was written. */
import { readFileSync } from "node:fs";
import { checkpointFile, readCheckpoints } from "../../control/audit/checkpoints.ts";
import { AUDIT_ACTIONS } from "../../kernel/audit.ts";
import { Secret } from "../../kernel/secret.ts";
import type { Storage } from "../../storage/open.ts";
import { type AuditRow, auditKeys } from "../../storage/stores/audit-chain.ts";
import type { AuditReport } from "../../storage/stores/audit-verify.ts";
import { findAccount } from "../accounts.ts";
import { type Command, type CommandInput, textOption } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";
import { auditOf, withStorage } from "../storage.ts";
import { table } from "../terminal.ts";

const DEFAULT_ROWS = 50;
const MOST_ROWS = 100_000;

export const verifyAuditCommand: Command = {
  words: ["audit", "verify"],
  summary: "Check that the audit log is what was written: no row changed, missing, added or cut off",
  positionals: [],
  options: {
    checkpoints: {
      type: "string",
      placeholder: "<file>",
      summary: "Checkpoints that were kept elsewhere; those of the data folder are always used",
    },
    "old-secret-file": {
      type: "string",
      placeholder: "<file>",
      summary: "The GAPURA_SECRET that was in force before, for the rows of that time",
    },
  },
  examples: [
    { line: "audit verify", meaning: "Exit code 1 when anything is wrong" },
    {
      line: "audit verify --checkpoints /mnt/other/audit.jsonl",
      meaning: "Against checkpoints kept on another machine",
    },
  ],
  takesSettings: true,
  run: async (input) => {
    const config = input.config();
    const oldSecret = readOption(input, "old-secret-file")?.trim();
    const elsewhere = textOption(input, "checkpoints");
    if (elsewhere !== undefined) readOption(input, "checkpoints");
    const { report, publicKey } = await withStorage(config, async (storage) => {
      const audit = auditOf(config, storage);
      const checkpoints = await readCheckpoints(checkpointFile(config.dataDir));
      if (elsewhere !== undefined) checkpoints.push(...(await readCheckpoints(elsewhere)));
      const olderKeys = oldSecret === undefined ? [] : [auditKeys(new Secret(oldSecret))];
      return { report: await audit.verify({ checkpoints, olderKeys }), publicKey: audit.keys.publicKey };
    });
    if (input.json) input.terminal.out(JSON.stringify({ ...report, publicKey }));
    else for (const line of reportLines(report)) input.terminal.out(line);
    return report.ok ? exitCodes.ok : exitCodes.failure;
  },
};

function reportLines(report: AuditReport): string[] {
  const { rows, checkpoints, problems, unverifiable } = report;
  const seen = `${rows} rows, ${checkpoints} checkpoints.`;
  if (report.ok) return [`The audit log is what was written: ${seen}`];
  const lines = problems.map(({ seq, problem }) => `  row ${seq}: ${PROBLEM_TEXT[problem]}`);
  if (unverifiable > 0) {
    lines.push(
      `  ${unverifiable} rows were written with another secret; give it with --old-secret-file to verify them`,
    );
  }
  const verdict =
    problems.length > 0 ? "The audit log is NOT what was written" : "The audit log cannot be verified whole";
  return [`${verdict}: ${seen}`, ...lines];
}

const PROBLEM_TEXT: Record<AuditReport["problems"][number]["problem"], string> = {
  changed: "it was changed, put in or moved",
  gap: "rows are missing before it, or it does not belong here",
  head: "the log does not end where its head says",
  checkpoint: "the log is shorter, or another one, than a signed checkpoint says",
  forged_checkpoint: "there is a checkpoint here that no known secret has signed",
};

export const listAuditCommand: Command = {
  words: ["audit", "list"],
  summary: "Show who changed what, newest first",
  positionals: [],
  options: {
    action: { type: "string", placeholder: "<action>", summary: "Only this, for example key.delete" },
    account: { type: "string", placeholder: "<email>", summary: "Only what this account did" },
    target: { type: "string", placeholder: "<id>", summary: "Only what happened to this key, provider or account" },
    since: { type: "string", placeholder: "<day>", summary: "From this day on, in UTC" },
    rows: { type: "string", placeholder: "<number>", summary: `How many; ${DEFAULT_ROWS} without it` },
  },
  examples: [
    { line: "audit list", meaning: "The newest fifty" },
    { line: "audit list --action key.delete --since 2026-11-01", meaning: "Which keys were deleted this month" },
    { line: "audit list --rows 100000 --json", meaning: "Everything, for a program" },
  ],
  takesSettings: true,
  run: async (input) => {
    const config = input.config();
    const filter = { action: actionOption(input), targetId: textOption(input, "target"), ...timeAndRows(input) };
    await withStorage(config, async (storage) => {
      const actorId = await actorOption(input, storage);
      const rows = await auditOf(config, storage).list({ ...filter, actorId });
      print(input, rows);
    });
    return exitCodes.ok;
  },
};

function print({ json, terminal }: CommandInput, rows: readonly AuditRow[]): void {
  if (json) {
    terminal.out(JSON.stringify(rows.map(asJson)));
    return;
  }
  if (rows.length === 0) {
    terminal.note("There are no such entries.");
    return;
  }
  const head = ["ROW", "TIME (UTC)", "WHO", "FROM", "ACTION", "TARGET", "BEFORE → AFTER"];
  const lines = rows.map((row) => [
    String(row.seq),
    new Date(row.at).toISOString().slice(0, 19).replace("T", " "),
    row.actor_id === null ? row.actor_kind : `${row.actor_kind} ${row.actor_id}`,
    row.address ?? "-",
    row.action,
    row.target_id === null ? row.target_kind : `${row.target_kind} ${row.target_id}`,
    `${row.before ?? ""} → ${row.after ?? ""}`,
  ]);
  const [headLine = "", ...rest] = table([head, ...lines]);
  terminal.out(terminal.paint(headLine, "dim"));
  for (const line of rest) terminal.out(line);
}

/** The fields of the dashboard's API, so that a program can read either. */
function asJson(row: AuditRow) {
  return {
    seq: row.seq,
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id },
    address: row.address,
    action: row.action,
    target: { kind: row.target_kind, id: row.target_id },
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
    hash: row.hash,
  };
}

function actionOption(input: CommandInput): string | undefined {
  const action = textOption(input, "action");
  if (action === undefined || AUDIT_ACTIONS.some((known) => known === action)) return action;
  throw usageError(`There is no action ${action}.`, `Actions: ${AUDIT_ACTIONS.join(", ")}.`);
}

async function actorOption(input: CommandInput, storage: Storage): Promise<string | undefined> {
  const email = textOption(input, "account");
  return email === undefined ? undefined : (await findAccount(storage, email))?.id;
}

function timeAndRows(input: CommandInput): { fromMs: number | undefined; limit: number } {
  const since = textOption(input, "since");
  const fromMs = since === undefined ? undefined : Date.parse(`${since}T00:00:00Z`);
  if (fromMs !== undefined && (Number.isNaN(fromMs) || !/^\d{4}-\d\d-\d\d$/.test(since ?? ""))) {
    throw usageError("--since must be a day.", "For example: --since 2026-11-01");
  }
  const rows = textOption(input, "rows") ?? String(DEFAULT_ROWS);
  if (!/^[1-9]\d{0,5}$/.test(rows) || Number(rows) > MOST_ROWS) {
    throw usageError(`--rows must be a whole number from 1 to ${MOST_ROWS}.`);
  }
  return { fromMs, limit: Number(rows) };
}

/** What the named file holds; undefined when the option was not given. */
function readOption(input: CommandInput, name: string): string | undefined {
  const file = textOption(input, name);
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw failure(`The file ${file} of --${name} cannot be read.`);
  }
}
