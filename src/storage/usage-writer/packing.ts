/**
 * Commands and their outcomes as text, for the way to SQLite's thread and back. Settlements are nearly all that is sent, so
 * they are packed field by field, in a tenth of the time that JSON with a function for every value takes.
 */
import { asChecked } from "../../kernel/json.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { Command, HeldMoney, Outcome } from "../ledger/commands.ts";
import { packMoney, unpackMoney } from "../money-json.ts";
import { type PackedRow, packedRow, unpackedRow } from "./rows.ts";

type PackedHold = Omit<HeldMoney, "grantedNano"> & { grantedNano: string };
/** Anything but a settlement is a text in the text. */
type PackedCommand = string | { row: PackedRow; hold: PackedHold | null };
type PackedOutcome = string | { chargedNano: string | null; lossNano: string; leftNano: string | null };

export function packCommands(commands: readonly Command[]): string {
  return JSON.stringify(commands.map(packedCommand));
}

/** The commands of `packCommands`. */
export function unpackCommands(text: string): Command[] {
  return asChecked<PackedCommand[]>(JSON.parse(text)).map((packed) => {
    if (typeof packed === "string") return asChecked<Command>(unpackMoney(packed));
    const { hold } = packed;
    const held = hold && { ...hold, grantedNano: BigInt(hold.grantedNano) };
    return { kind: "settle", row: unpackedRow(packed.row), hold: held };
  });
}

function packedCommand(command: Command): PackedCommand {
  if (command.kind !== "settle") return packMoney(command);
  const { row, hold } = command;
  return { row: packedRow(row), hold: hold && { ...hold, grantedNano: hold.grantedNano.toString() } };
}

export function packOutcomes(outcomes: readonly Outcome[]): string {
  return JSON.stringify(outcomes.map(packedOutcome));
}

export function unpackOutcomes(text: string): Outcome[] {
  return asChecked<PackedOutcome[]>(JSON.parse(text)).map((packed) => {
    if (typeof packed === "string") return asChecked<Outcome>(unpackMoney(packed));
    const { chargedNano, lossNano, leftNano } = packed;
    return { kind: "settled", chargedNano: nano(chargedNano), lossNano: BigInt(lossNano), leftNano: nano(leftNano) };
  });
}

function packedOutcome(outcome: Outcome): PackedOutcome {
  if (outcome.kind !== "settled") return packMoney(outcome);
  const { chargedNano, lossNano, leftNano } = outcome;
  return {
    chargedNano: chargedNano?.toString() ?? null,
    lossNano: lossNano.toString(),
    leftNano: leftNano?.toString() ?? null,
  };
}

function nano(digits: string | null): NanoUsd | null {
  return digits === null ? null : BigInt(digits);
}
