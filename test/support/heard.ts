/** What a client of chat streams understands of the bytes that it got. */
interface Chunk {
  id?: string;
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
  error?: { code: number; message: string; metadata?: Record<string, unknown> };
}

export interface Heard {
  text: string;
  /** The reason of the end; "error" for a stream that says it broke. */
  finishReason: string | null;
  isDone: boolean;
  usages: { prompt_tokens: number; completion_tokens: number }[];
  errors: NonNullable<Chunk["error"]>[];
  /** The ids that stood in the chunks: one, or the stream is spliced. */
  ids: Set<string>;
}

/** Takes it for granted that the gateway writes plain events; anything else throws. */
export function hear(stream: string): Heard {
  const heard: Heard = { text: "", finishReason: null, isDone: false, usages: [], errors: [], ids: new Set() };
  const events = stream.split("\n\n");
  const rest = events.pop() ?? "";
  if (rest !== "") throw new Error(`the stream ends inside an event: ${rest.slice(0, 200)}`);
  for (const event of events) {
    if (event.startsWith(":")) continue;
    if (heard.isDone) throw new Error(`behind the end stands ${event.slice(0, 200)}`);
    if (!event.startsWith("data: ")) throw new Error(`this is no event: ${event.slice(0, 200)}`);
    if (event === "data: [DONE]") heard.isDone = true;
    else note(JSON.parse(event.slice("data: ".length)) as Chunk, heard);
  }
  return heard;
}

function note(chunk: Chunk, heard: Heard): void {
  if (chunk.id !== undefined) heard.ids.add(chunk.id);
  if (chunk.usage) heard.usages.push(chunk.usage);
  if (chunk.error) heard.errors.push(chunk.error);
  for (const choice of chunk.choices ?? []) {
    heard.text += choice.delta?.content ?? "";
    heard.finishReason = choice.finish_reason ?? heard.finishReason;
  }
}

/** The client takes the stream for a whole answer. */
export function soundsWhole({ isDone, finishReason, errors }: Heard): boolean {
  return isDone && errors.length === 0 && finishReason !== "error";
}
