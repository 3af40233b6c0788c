/**
 * What a command may do to the terminal. `out` is the answer and goes to standard output, so that it can be piped;
 * `note` is everything else and goes to standard error.
 */
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

export type Colour = "green" | "yellow" | "red" | "dim" | "bold";

export interface Terminal {
  out(line: string): void;
  note(line: string): void;
  /** True when a person can answer: input and standard error are both a terminal. */
  isInteractive: boolean;
  /** Asks on standard error and resolves to the trimmed answer. Rejects when input ends. */
  ask(question: string): Promise<string>;
  /** Colours a text for `out` (or `note`), where that is a terminal that wants colour. */
  paint(text: string, colour: Colour, stream?: "out" | "note"): string;
}

export interface Streams {
  input: Readable & { isTTY?: boolean };
  output: Writable & { isTTY?: boolean };
  error: Writable & { isTTY?: boolean };
}

const codes: Record<Colour, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** `env` decides about colour: NO_COLOR (not empty) and TERM=dumb switch it off. */
export function createTerminal(streams: Streams, env: Readonly<Record<string, string | undefined>>): Terminal {
  const wantsColour = (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  return {
    out: (line) => void streams.output.write(`${line}\n`),
    note: (line) => void streams.error.write(`${line}\n`),
    isInteractive: streams.input.isTTY === true && streams.error.isTTY === true,
    ask: (question) => ask(streams, question),
    paint: (text, colour, stream = "out") => {
      const isTerminal = (stream === "out" ? streams.output : streams.error).isTTY === true;
      if (!wantsColour || !isTerminal) return text;
      const [start, end] = codes[colour];
      return `\u001b[${start}m${text}\u001b[${end}m`;
    },
  };
}

async function ask(streams: Streams, question: string): Promise<string> {
  const reader = createInterface({ input: streams.input, output: streams.error });
  const ended = new Promise<never>((_, reject) => {
    reader.once("close", () => reject(new Error("no answer was given")));
  });
  try {
    return (await Promise.race([reader.question(question), ended])).trim();
  } finally {
    ended.catch(() => {});
    reader.close();
  }
}

/** Columns padded to the widest cell; the last is left as it is. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, Bun.stringWidth(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - Bun.stringWidth(cell)),
      )
      .join("  ")
      .trimEnd(),
  );
}
