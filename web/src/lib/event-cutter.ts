/** Cuts a stream of server-sent events into the texts behind `data:`. What is not complete yet waits for more. */
export class EventCutter {
  #rest = "";

  push(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trim()] : []));
  }
}
