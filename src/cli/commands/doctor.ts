/** Looks at everything that a start needs and says, line by line, what is fine and what to do about the rest. */

import type { LoadedConfig, RefusedConfig } from "../../config/load.ts";
import { problemText } from "../../config/problem.ts";
import { checkBooks } from "../checks/books.ts";
import { checkDashboard } from "../checks/dashboard.ts";
import { checkDatabase } from "../checks/database.ts";
import { type Finding, fail } from "../checks/finding.ts";
import { checkMail } from "../checks/mail.ts";
import { checkMoney } from "../checks/money.ts";
import { checkOpenFiles } from "../checks/open-files.ts";
import { checkPort } from "../checks/port.ts";
import { checkProviderList } from "../checks/providers.ts";
import { checkSettings, type SettingLine, settingLines } from "../checks/settings.ts";
import { checkVault } from "../checks/vault.ts";
import type { Command, CommandInput } from "../command.ts";
import { exitCodes } from "../exit.ts";
import { type Colour, table } from "../terminal.ts";

const colours: Record<Finding["state"], Colour> = { ok: "green", warn: "yellow", fail: "red" };

export const doctorCommand: Command = {
  words: ["doctor"],
  summary: "Check configuration, database, providers, mail and port",
  positionals: [],
  options: {},
  examples: [
    { line: "doctor", meaning: "What is in force, what works, and what to do about the rest" },
    { line: "doctor --json", meaning: "The same for a program; exit code 1 when something has failed" },
  ],
  takesSettings: true,
  run: async (input) => {
    const loaded = input.loadConfig();
    const findings = loaded.ok ? await examine(loaded) : refusals(loaded);
    print(input, loaded.ok ? settingLines(loaded) : [], findings);
    return findings.some((finding) => finding.state === "fail") ? exitCodes.failure : exitCodes.ok;
  },
};

async function examine(loaded: LoadedConfig): Promise<Finding[]> {
  const { config } = loaded;
  const database = await checkDatabase(config);
  const vault = await checkVault(config);
  const { checkProviders } = await import("../../main.ts");
  const [port, providers, mail] = await Promise.all([
    checkPort(config, database.isRunning),
    checkProviders(config, vault.rows).then(checkProviderList),
    checkMail(config),
  ]);
  return [
    ...checkSettings(loaded),
    ...database.findings,
    ...vault.findings,
    ...(await checkBooks(config)),
    ...(await checkMoney(config, Date.now())),
    ...providers,
    ...mail,
    port,
    checkOpenFiles(config),
    checkDashboard(config),
  ];
}

function refusals({ problems }: RefusedConfig): Finding[] {
  return problems.map((problem) =>
    fail("config", problemText({ ...problem, fix: "" }).replace(/\.$/, ""), problem.fix),
  );
}

function print({ json, terminal }: CommandInput, settings: readonly SettingLine[], findings: readonly Finding[]): void {
  if (json) {
    terminal.out(JSON.stringify({ settings, findings }));
    return;
  }
  for (const line of table(settings.map(({ name, value, source }) => [name, value, source]))) terminal.out(line);
  if (settings.length > 0) terminal.out("");
  for (const { area, state, text, fix } of findings) {
    terminal.out(`${terminal.paint(state.padEnd(4), colours[state])}  ${area}: ${text}`);
    if (fix !== "") terminal.out(`      ${fix}`);
  }
  const failed = findings.filter((finding) => finding.state === "fail").length;
  const warned = findings.filter((finding) => finding.state === "warn").length;
  terminal.out("");
  terminal.out(failed + warned === 0 ? "Everything is fine." : `${failed} failed, ${warned} to look at.`);
}
