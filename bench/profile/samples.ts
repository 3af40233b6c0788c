/** Reads what `perf script` prints: one sample of one thread after the other, each with its calls, the innermost first. */
export interface Sample {
  /** As the system names it. */
  thread: string;
  threadId: number;
  frames: readonly Frame[];
}

export interface Frame {
  address: number;
  /** Known for the kernel's functions. */
  symbol: string;
  isKernel: boolean;
}

const HEAD = /^(\S.*?) +(\d+)\s*$/;
const FRAME = /^\s+([0-9a-f]+) (.*) \(([^()]*)\)$/;

export async function* samplesIn(output: ReadableStream<Uint8Array>): AsyncGenerator<Sample> {
  let current: { thread: string; threadId: number; frames: Frame[] } | undefined;
  for await (const line of linesOf(output)) {
    if (line === "") {
      if (current) yield current;
      current = undefined;
      continue;
    }
    const head = HEAD.exec(line);
    if (head) {
      current = { thread: head[1] ?? "", threadId: Number(head[2]), frames: [] };
      continue;
    }
    const [, address = "", symbol = "", file = ""] = FRAME.exec(line) ?? [];
    if (address !== "")
      current?.frames.push({ address: Number.parseInt(address, 16), symbol, isKernel: file.includes("kernel") });
  }
  if (current) yield current;
}

async function* linesOf(output: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of output) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
