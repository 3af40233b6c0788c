/**
 * The command line. Finds the command, gives it its input, and turns whatever comes out into an exit code.
 *
 * Invariants: standard output carries only the answer; a failure is a sentence with a remedy, never a stack (unless
 * LOG_LEVEL is debug); once the configuration is loaded, its secrets are gone from the environment.
 */
import { readFileSync } from "node:fs";
import { type LoadedConfig, loadConfig, type RefusedConfig } from "../config/load.ts";
import { problemText } from "../config/problem.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { resetLoginCommand } from "./commands/accounts-reset.ts";
import { listAuditCommand, verifyAuditCommand } from "./commands/audit.ts";
import { backupCommand } from "./commands/backup.ts";
import { setBudgetsCommand, showBudgetsCommand } from "./commands/budgets.ts";
import { setCapsCommand, showCapsCommand } from "./commands/caps.ts";
import { addCreditsCommand, refundCreditsCommand, showCreditsCommand } from "./commands/credits.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { envCommand } from "./commands/env.ts";
import { helpCommand } from "./commands/help.ts";
import { deleteKeyCommand, disableKeyCommand, enableKeyCommand } from "./commands/keys-change.ts";
import { createKeyCommand } from "./commands/keys-create.ts";
import { editKeyCommand } from "./commands/keys-edit.ts";
import { listKeysCommand } from "./commands/keys-list.ts";
import { keyPolicyCommand } from "./commands/keys-policy.ts";
import { endFormerCommand, rotateKeyCommand } from "./commands/keys-rotate.ts";
import { verifyLedgerCommand } from "./commands/ledger-verify.ts";
import { reconcileCommand } from "./commands/reconcile.ts";
import { routeCommand } from "./commands/route.ts";
import { scanCommand } from "./commands/scan.ts";
import { seedCommand } from "./commands/seed.ts";
import { serveCommand } from "./commands/serve.ts";
import { discardCommand, rotateCommand } from "./commands/vault.ts";
import { versionCommand } from "./commands/version.ts";
import { CliError, type ExitCode, exitCodes } from "./exit.ts";
import { createTerminal, type Terminal } from "./terminal.ts";
import { readRole, WORKER_VARIABLE } from "./workers/role.ts";

const commands: readonly Command[] = [
  serveCommand,
  createKeyCommand,
  listKeysCommand,
  editKeyCommand,
  rotateKeyCommand,
  endFormerCommand,
  keyPolicyCommand,
  disableKeyCommand,
  enableKeyCommand,
  deleteKeyCommand,
  resetLoginCommand,
  addCreditsCommand,
  refundCreditsCommand,
  showCreditsCommand,
  setBudgetsCommand,
  showBudgetsCommand,
  setCapsCommand,
  showCapsCommand,
  reconcileCommand,
  routeCommand,
  doctorCommand,
  scanCommand,
  envCommand,
  verifyAuditCommand,
  listAuditCommand,
  verifyLedgerCommand,
  backupCommand,
  seedCommand,
  rotateCommand,
  discardCommand,
  helpCommand(() => commands),
  versionCommand,
];

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const worker = readRole(process.env[WORKER_VARIABLE]);
  delete process.env[WORKER_VARIABLE];
  const launch = { args, environment: { ...process.env } };
  const parsed = parseArguments(args, commands);
  const command = parsed.version ? versionCommand : parsed.command;
  if (parsed.help) {
    const isWholeProgram = args[0]?.startsWith("-") === true;
    return helpCommand(() => commands).run({
      ...inputOf(parsed.json),
      positionals: isWholeProgram ? [] : command.words,
    });
  }
  return command.run({ ...inputOf(parsed.json), positionals: parsed.positionals, options: parsed.options });

  function inputOf(json: boolean) {
    return {
      options: {},
      json,
      terminal,
      launch,
      worker,
      apiKey: process.env.GAPURA_API_KEY || undefined,
      config: () => configInForce(terminal, parsed.flags).config,
      configWithSources: () => configInForce(terminal, parsed.flags),
      loadConfig: () => load(parsed.flags),
    };
  }
}

function load(flags: Record<string, string | undefined>): LoadedConfig | RefusedConfig {
  const loaded = loadConfig({ env: process.env, flags, cwd: process.cwd(), readFile: readTextFile });
  if (loaded.ok) for (const variable of loaded.secretVariables) delete process.env[variable];
  return loaded;
}

function configInForce(terminal: Terminal, flags: Record<string, string | undefined>): LoadedConfig {
  const loaded = load(flags);
  for (const warning of loaded.warnings)
    terminal.note(`${terminal.paint("warning", "yellow", "note")} ${problemText(warning)}`);
  if (loaded.ok) return loaded;
  const count = loaded.problems.length === 1 ? "One setting is" : `${loaded.problems.length} settings are`;
  throw new CliError(
    exitCodes.usage,
    `${count} wrong:`,
    loaded.problems.map((problem) => `- ${problemText(problem)}`),
  );
}

function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function explain(error: unknown, terminal: Terminal): ExitCode {
  const label = terminal.paint("error", "red", "note");
  if (error instanceof CliError) {
    terminal.note(`${label} ${error.message}`);
    for (const hint of error.hints) terminal.note(`  ${hint}`);
    return error.exitCode;
  }
  terminal.note(`${label} ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.LOG_LEVEL === "debug" && error instanceof Error) terminal.note(error.stack ?? "");
  return exitCodes.failure;
}

// Whoever reads the output may stop early, as `head` does; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  throw error;
});
const terminal = createTerminal({ input: process.stdin, output: process.stdout, error: process.stderr }, process.env);
try {
  process.exitCode = await run(process.argv.slice(2), terminal);
} catch (error) {
  process.exitCode = explain(error, terminal);
}
