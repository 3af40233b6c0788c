/** Texts that may come out nowhere, and the search for them in every shape that programs give to texts. */
export interface Canary {
  /** What kind of secret it stands for. */
  kind: string;
  text: string;
  /** Where the design wants it nevertheless, with the reason. */
  mayStandIn: Partial<Record<Sink, string>>;
}

/** Where a secret could come out. */
export type Sink = "log" | "terminal" | "errors" | "answers" | "rows" | "files";

export class Canaries {
  readonly all: Canary[] = [];

  /** Remembers a text, or makes one, and gives it back. */
  add(
    kind: string,
    text = `canary-${kind.replaceAll(" ", "-")}-${crypto.randomUUID()}`,
    mayStandIn: Canary["mayStandIn"] = {},
  ) {
    if (text.length < 16) throw new Error(`${kind} is too short to be told from chance: ${text}`);
    this.all.push({ kind, text, mayStandIn });
    return text;
  }

  /** Of a whole key the part that is secret: its label shows what stands before and the last three characters. */
  addKey(kind: string, key: string): string {
    this.add(kind, key.slice(key.indexOf("_") + 9, key.indexOf("_") + 41));
    return key;
  }
}

/** The text itself, escaped for JSON and for addresses, in hex, and in base64 wherever it begins in what was encoded. */
export function shapesOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString("hex");
  const inBase64 = [0, 1, 2].flatMap((before) => {
    // A character that also depends on a neighbour of the text is left out.
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64url");
    const isWhole = (before + bytes.length) % 3 === 0;
    const sure = encoded.slice(Math.ceil((before * 4) / 3), isWhole ? undefined : -1);
    return [sure, sure.replaceAll("-", "+").replaceAll("_", "/")];
  });
  const escaped = [JSON.stringify(text).slice(1, -1), encodeURIComponent(text)];
  return [...new Set([text, ...escaped, hex, hex.toUpperCase(), ...inBase64])];
}

/** Every place where a canary stands, as `kind in sink (shape)`, without those where it may. */
export function sightings(canaries: readonly Canary[], sinks: Record<Sink, readonly Buffer[]>): string[] {
  const found: string[] = [];
  for (const [sink, places] of Object.entries(sinks) as [Sink, readonly Buffer[]][]) {
    for (const { kind, text, mayStandIn } of canaries) {
      if (mayStandIn[sink] !== undefined) continue;
      const shape = shapesOf(text).find((one) => places.some((place) => place.includes(one)));
      if (shape !== undefined) found.push(`${kind} in ${sink} (${shape})`);
    }
  }
  return found;
}
