/** Commands and their outcomes as text, for the way to SQLite's thread and back. */
import { asChecked } from "../../kernel/json.ts";
import type { Command, Outcome } from "../ledger/commands.ts";
import { packMoney, unpackMoney } from "../money-json.ts";
import { packRows, unpackRows } from "./rows.ts";

/** Usage rows apart from all else: they are most of what is sent, and packed in a tenth of the time. */
export function packCommands(commands: readonly Command[]): { rows: string; commands: string } {
  const settles = commands.filter((command) => command.kind === "settle");
  return {
    rows: packRows(settles.map(({ row }) => row)),
    commands: packMoney(commands.map((command) => (command.kind === "settle" ? { ...command, row: null } : command))),
  };
}

/** The commands of `packCommands`. */
export function unpackCommands(packed: { rows: string; commands: string }): Command[] {
  const rows = unpackRows(packed.rows).values();
  return asChecked<Command[]>(unpackMoney(packed.commands)).map((command) => {
    if (command.kind !== "settle") return command;
    const { value } = rows.next();
    if (!value) throw new Error("a settlement came without its usage row");
    return { ...command, row: value };
  });
}

export function packOutcomes(outcomes: readonly Outcome[]): string {
  return packMoney(outcomes);
}

export function unpackOutcomes(text: string): Outcome[] {
  return asChecked<Outcome[]>(unpackMoney(text));
}
