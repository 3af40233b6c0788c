/**
 * Which JavaScript function stands at an address: JavaScriptCore writes what it compiles into a file in the format of Linux'
 * `perf` ("jitdump"), with the name of each function and where its code lies.
 */
const LOAD = 0;
const RECORD_HEAD_BYTES = 16;
const LOAD_HEAD_BYTES = 40;

interface Code {
  begin: number;
  end: number;
  name: string;
}

export class JitDump {
  readonly #codes: Code[];

  /** Code that has taken the place of other code is the one that counts. */
  constructor(file: Buffer) {
    const byBegin = new Map<number, Code>();
    for (const code of codesIn(file)) byBegin.set(code.begin, code);
    this.#codes = [...byBegin.values()].sort((one, other) => one.begin - other.begin);
  }

  /** The name of the function; undefined for what is not compiled JavaScript. */
  functionAt(address: number): string | undefined {
    let low = 0;
    let high = this.#codes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#codes[middle]?.begin ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    const code = this.#codes[low - 1];
    return code !== undefined && address < code.end ? code.name : undefined;
  }
}

function* codesIn(file: Buffer): Generator<Code> {
  let at = file.readUInt32LE(8);
  while (at + RECORD_HEAD_BYTES <= file.length) {
    const size = file.readUInt32LE(at + 4);
    if (size === 0 || at + size > file.length) return;
    if (file.readUInt32LE(at) === LOAD) {
      const load = at + RECORD_HEAD_BYTES;
      const begin = Number(file.readBigUInt64LE(load + 16));
      const length = Number(file.readBigUInt64LE(load + 24));
      const nameAt = load + LOAD_HEAD_BYTES;
      yield { begin, end: begin + length, name: nameOf(file.toString("latin1", nameAt, file.indexOf(0, nameAt))) };
    }
    at += size;
  }
}

/** What functions are called that have no name. */
export const ANONYMOUS = "(anonymous)";

/** Of "JSC-FTL: answerCall#BQn0fY", the function's own name. One without a name has the hash alone. */
function nameOf(written: string): string {
  const name = written.replace(/^[^:]*: /, "").replace(/#\w+$/, "");
  return name === "" ? ANONYMOUS : name;
}
